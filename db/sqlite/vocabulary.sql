CREATE TRIGGER person_vocabulary_added AFTER INSERT ON person WHEN NEW.words <> ''
BEGIN
  INSERT OR IGNORE INTO person_vocabulary (word) SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]');
END
--;
CREATE TRIGGER person_vocabulary_removed AFTER DELETE ON person WHEN OLD.words <> ''
BEGIN
  DELETE FROM person_vocabulary WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND NOT EXISTS (SELECT 1 FROM person_words WHERE person_words = '"' || person_vocabulary.word || '"' AND rowid <> OLD.id);
END
--;
CREATE TRIGGER person_vocabulary_changed AFTER UPDATE OF words ON person WHEN NEW.words <> OLD.words
BEGIN
  INSERT OR IGNORE INTO person_vocabulary (word)
    SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]') WHERE value <> '';
  DELETE FROM person_vocabulary WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND word NOT IN (SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]'))
    AND NOT EXISTS (SELECT 1 FROM person_words WHERE person_words = '"' || person_vocabulary.word || '"' AND rowid <> OLD.id);
END
--;
CREATE TRIGGER organisation_vocabulary_added AFTER INSERT ON organisation WHEN NEW.words <> ''
BEGIN
  INSERT OR IGNORE INTO organisation_vocabulary (word) SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]');
END
--;
CREATE TRIGGER organisation_vocabulary_removed AFTER DELETE ON organisation WHEN OLD.words <> ''
BEGIN
  DELETE FROM organisation_vocabulary WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND NOT EXISTS (SELECT 1 FROM organisation_words WHERE organisation_words = '"' || organisation_vocabulary.word || '"' AND rowid <> OLD.id);
END
--;
CREATE TRIGGER organisation_vocabulary_changed AFTER UPDATE OF words ON organisation WHEN NEW.words <> OLD.words
BEGIN
  INSERT OR IGNORE INTO organisation_vocabulary (word)
    SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]') WHERE value <> '';
  DELETE FROM organisation_vocabulary WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND word NOT IN (SELECT value FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]'))
    AND NOT EXISTS (SELECT 1 FROM organisation_words WHERE organisation_words = '"' || organisation_vocabulary.word || '"' AND rowid <> OLD.id);
END
--;
INSERT INTO person_vocabulary (word)
SELECT DISTINCT value FROM person, json_each('["' || replace(person.words, ' ', '","') || '"]') WHERE value <> ''
--;
INSERT INTO organisation_vocabulary (word)
SELECT DISTINCT value FROM organisation, json_each('["' || replace(organisation.words, ' ', '","') || '"]') WHERE value <> ''
