CREATE TABLE person_words (word varchar COLLATE "C" NOT NULL, id bigint NOT NULL)
--;
CREATE TABLE organisation_words (word varchar COLLATE "C" NOT NULL, id bigint NOT NULL)
--;
INSERT INTO person_words (word, id) SELECT unnest(string_to_array(words, ' ')), id FROM person ORDER BY 1, 2
--;
INSERT INTO organisation_words (word, id) SELECT unnest(string_to_array(words, ' ')), id FROM organisation ORDER BY 1, 2
--;
ALTER TABLE person_words ADD PRIMARY KEY (word, id), ALTER word SET STATISTICS 0
--;
ALTER TABLE organisation_words ADD PRIMARY KEY (word, id), ALTER word SET STATISTICS 0
--;
CREATE INDEX person_words_by_organisation ON person (organisation_id, id)
--;
CREATE UNIQUE INDEX person_words_of_row ON person_words (id, word)
--;
CREATE UNIQUE INDEX organisation_words_of_row ON organisation_words (id, word)
