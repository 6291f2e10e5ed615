CREATE INDEX person_words ON person USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)
--;
CREATE INDEX organisation_words ON organisation USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)
