CREATE TRIGGER person_trigram_added AFTER INSERT ON person_vocabulary
WHEN EXISTS (SELECT 1 FROM built_index WHERE name = 'trigrams')
BEGIN
  INSERT OR IGNORE INTO person_trigram (trigram, word)
    SELECT substr(NEW.word, value, 3), NEW.word FROM json_each('[2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62]') WHERE value <= length(NEW.word) - 2;
END
--;
CREATE TRIGGER person_trigram_removed AFTER DELETE ON person_vocabulary
BEGIN
  DELETE FROM person_trigram WHERE word = OLD.word
    AND trigram IN (SELECT substr(OLD.word, value, 3) FROM json_each('[2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62]') WHERE value <= length(OLD.word) - 2);
END
--;
CREATE TRIGGER organisation_trigram_added AFTER INSERT ON organisation_vocabulary
WHEN EXISTS (SELECT 1 FROM built_index WHERE name = 'trigrams')
BEGIN
  INSERT OR IGNORE INTO organisation_trigram (trigram, word)
    SELECT substr(NEW.word, value, 3), NEW.word FROM json_each('[2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62]') WHERE value <= length(NEW.word) - 2;
END
--;
CREATE TRIGGER organisation_trigram_removed AFTER DELETE ON organisation_vocabulary
BEGIN
  DELETE FROM organisation_trigram WHERE word = OLD.word
    AND trigram IN (SELECT substr(OLD.word, value, 3) FROM json_each('[2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62]') WHERE value <= length(OLD.word) - 2);
END
