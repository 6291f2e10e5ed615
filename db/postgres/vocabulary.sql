CREATE FUNCTION desk.keep_vocabulary() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  holder text := 'public.' || quote_ident(TG_TABLE_NAME);
  vocabulary text := 'public.' || quote_ident(TG_TABLE_NAME || '_vocabulary');
  gone text[] := '{}';
  one text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    gone := string_to_array(OLD.words, ' ');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    EXECUTE 'INSERT INTO ' || vocabulary || ' (word) SELECT unnest(string_to_array($1, '' '')) ON CONFLICT DO NOTHING'
      USING NEW.words;
    gone := ARRAY(SELECT unnest(gone) EXCEPT SELECT unnest(string_to_array(NEW.words, ' ')) ORDER BY 1);
  END IF;
  FOREACH one IN ARRAY gone LOOP
    -- The lock makes whoever takes out another row with this word wait, and see then that his was the last.
    EXECUTE 'SELECT 1 FROM ' || vocabulary || ' WHERE word = $1 FOR UPDATE' USING one;
    EXECUTE 'DELETE FROM ' || vocabulary || ' WHERE word = $1 AND NOT EXISTS (SELECT 1 FROM ' || holder || ' AS it'
      || ' WHERE array_to_tsvector(string_to_array(it.words, '' '')) @@ $2::tsquery AND it.id <> $3)'
      USING one, quote_literal(one), OLD.id;
  END LOOP;
  RETURN NULL;
END
$$
--;
CREATE TRIGGER person_vocabulary_kept AFTER INSERT OR DELETE OR UPDATE OF words ON person FOR EACH ROW EXECUTE FUNCTION desk.keep_vocabulary()
--;
CREATE TRIGGER organisation_vocabulary_kept AFTER INSERT OR DELETE OR UPDATE OF words ON organisation FOR EACH ROW EXECUTE FUNCTION desk.keep_vocabulary()
--;
INSERT INTO person_vocabulary (word)
SELECT DISTINCT unnest(string_to_array(words, ' ')) FROM person
--;
INSERT INTO organisation_vocabulary (word)
SELECT DISTINCT unnest(string_to_array(words, ' ')) FROM organisation
