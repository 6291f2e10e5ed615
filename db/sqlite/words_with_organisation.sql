CREATE TABLE person_words_with_organisation (
  word TEXT NOT NULL, organisation_id INTEGER NOT NULL, person_id INTEGER NOT NULL,
  PRIMARY KEY (word, organisation_id, person_id)
) WITHOUT ROWID
--;
CREATE TRIGGER person_words_with_organisation_added AFTER INSERT ON person
WHEN NEW.organisation_id IS NOT NULL AND NEW.words <> ''
BEGIN
  INSERT INTO person_words_with_organisation (word, organisation_id, person_id)
    SELECT value, NEW.organisation_id, NEW.id FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]');
END
--;
CREATE TRIGGER person_words_with_organisation_removed AFTER DELETE ON person
WHEN OLD.organisation_id IS NOT NULL AND OLD.words <> ''
BEGIN
  DELETE FROM person_words_with_organisation
  WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND organisation_id = OLD.organisation_id AND person_id = OLD.id;
END
--;
CREATE TRIGGER person_words_with_organisation_changed AFTER UPDATE OF words, organisation_id ON person
WHEN NEW.words <> OLD.words OR NEW.organisation_id IS NOT OLD.organisation_id
BEGIN
  DELETE FROM person_words_with_organisation
  WHERE word IN (SELECT value FROM json_each('["' || replace(OLD.words, ' ', '","') || '"]'))
    AND organisation_id = OLD.organisation_id AND person_id = OLD.id;
  INSERT INTO person_words_with_organisation (word, organisation_id, person_id)
    SELECT value, NEW.organisation_id, NEW.id FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]')
    WHERE value <> '' AND NEW.organisation_id IS NOT NULL;
END
--;
INSERT INTO person_words_with_organisation (word, organisation_id, person_id)
SELECT value, organisation_id, person.id FROM person, json_each('["' || replace(person.words, ' ', '","') || '"]')
WHERE organisation_id IS NOT NULL AND value <> '' ORDER BY value, organisation_id, person.id
