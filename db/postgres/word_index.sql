CREATE TABLE person_words (
  word varchar COLLATE "C" NOT NULL, id bigint NOT NULL, organisation_id bigint, country varchar, obtained_on date NOT NULL, words varchar NOT NULL
)
--;
CREATE TABLE organisation_words (word varchar COLLATE "C" NOT NULL, id bigint NOT NULL, words varchar NOT NULL)
--;
INSERT INTO person_words (word, id, organisation_id, country, obtained_on, words)
SELECT unnest(string_to_array(words, ' ')), id, organisation_id, country, obtained_on, words FROM person ORDER BY 1, 2
--;
INSERT INTO organisation_words (word, id, words) SELECT unnest(string_to_array(words, ' ')), id, words FROM organisation ORDER BY 1, 2
--;
ALTER TABLE person_words ADD PRIMARY KEY (word, id) INCLUDE (organisation_id, country, obtained_on, words),
  ALTER word SET STATISTICS 0, ALTER words SET STATISTICS 0
--;
ALTER TABLE organisation_words ADD PRIMARY KEY (word, id) INCLUDE (words), ALTER word SET STATISTICS 0, ALTER words SET STATISTICS 0
--;
CREATE INDEX person_words_by_organisation ON person (organisation_id, id) INCLUDE (words)
