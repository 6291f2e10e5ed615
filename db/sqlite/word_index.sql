CREATE VIRTUAL TABLE person_words USING fts5(
  words, content = 'person', content_rowid = 'id', tokenize = 'ascii', detail = none, columnsize = 0, prefix = '1 2 3'
)
--;
CREATE TRIGGER person_words_added AFTER INSERT ON person
BEGIN INSERT INTO person_words (rowid, words) VALUES (NEW.id, NEW.words); END
--;
CREATE TRIGGER person_words_removed AFTER DELETE ON person
BEGIN INSERT INTO person_words (person_words, rowid, words) VALUES ('delete', OLD.id, OLD.words); END
--;
CREATE TRIGGER person_words_changed AFTER UPDATE OF words ON person
BEGIN
  INSERT INTO person_words (person_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
  INSERT INTO person_words (rowid, words) VALUES (NEW.id, NEW.words);
END
--;
CREATE VIRTUAL TABLE organisation_words USING fts5(
  words, content = 'organisation', content_rowid = 'id', tokenize = 'ascii', detail = none, columnsize = 0, prefix = '1 2 3'
)
--;
CREATE TRIGGER organisation_words_added AFTER INSERT ON organisation
BEGIN INSERT INTO organisation_words (rowid, words) VALUES (NEW.id, NEW.words); END
--;
CREATE TRIGGER organisation_words_removed AFTER DELETE ON organisation
BEGIN INSERT INTO organisation_words (organisation_words, rowid, words) VALUES ('delete', OLD.id, OLD.words); END
--;
CREATE TRIGGER organisation_words_changed AFTER UPDATE OF words ON organisation
BEGIN
  INSERT INTO organisation_words (organisation_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
  INSERT INTO organisation_words (rowid, words) VALUES (NEW.id, NEW.words);
END
