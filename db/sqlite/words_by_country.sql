CREATE TABLE person_words_by_country (
  country TEXT NOT NULL, sixty INTEGER NOT NULL, people INTEGER NOT NULL, -- one bit for each of sixty numbers
  PRIMARY KEY (country, sixty)
) WITHOUT ROWID
--;
CREATE TRIGGER person_words_by_country_added AFTER INSERT ON person WHEN NEW.country IS NOT NULL
BEGIN
  INSERT INTO person_words_by_country (country, sixty, people) VALUES (NEW.country, NEW.id / 60, 1 << NEW.id % 60)
    ON CONFLICT DO UPDATE SET people = people | excluded.people;
END
--;
CREATE TRIGGER person_words_by_country_removed AFTER DELETE ON person WHEN OLD.country IS NOT NULL
BEGIN
  UPDATE person_words_by_country SET people = people & ~(1 << OLD.id % 60) WHERE country = OLD.country AND sixty = OLD.id / 60;
  DELETE FROM person_words_by_country WHERE country = OLD.country AND sixty = OLD.id / 60 AND people = 0;
END
--;
CREATE TRIGGER person_words_by_country_changed AFTER UPDATE OF country ON person WHEN NEW.country IS NOT OLD.country
BEGIN
  UPDATE person_words_by_country SET people = people & ~(1 << OLD.id % 60) WHERE country = OLD.country AND sixty = OLD.id / 60;
  DELETE FROM person_words_by_country WHERE country = OLD.country AND sixty = OLD.id / 60 AND people = 0;
  INSERT INTO person_words_by_country (country, sixty, people)
    SELECT NEW.country, NEW.id / 60, 1 << NEW.id % 60 WHERE NEW.country IS NOT NULL
    ON CONFLICT DO UPDATE SET people = people | excluded.people;
END
--;
INSERT INTO person_words_by_country (country, sixty, people)
SELECT country, id / 60, sum(1 << id % 60) FROM person WHERE country IS NOT NULL GROUP BY country, id / 60
