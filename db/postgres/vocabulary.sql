CREATE OR REPLACE FUNCTION desk.keep_vocabulary() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  entries text := 'public.' || quote_ident(TG_TABLE_NAME || '_words');
  vocabulary text := 'public.' || quote_ident(TG_TABLE_NAME || '_vocabulary');
  came text[] := '{}';
  gone text[] := '{}';
  one text;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.words = NEW.words THEN
    IF TG_TABLE_NAME = 'person' THEN
      IF (OLD.organisation_id, OLD.country, OLD.obtained_on) IS DISTINCT FROM (NEW.organisation_id, NEW.country, NEW.obtained_on) THEN
        UPDATE public.person_words SET organisation_id = NEW.organisation_id, country = NEW.country, obtained_on = NEW.obtained_on
        WHERE id = NEW.id AND word = ANY (string_to_array(NEW.words, ' '));
      END IF;
    END IF;
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    came := string_to_array(NEW.words, ' ');
    -- Written out for both, so that the server plans each once and not for each row.
    IF TG_TABLE_NAME = 'person' THEN
      INSERT INTO public.person_words (word, id, organisation_id, country, obtained_on, words)
      SELECT unnest(came), NEW.id, NEW.organisation_id, NEW.country, NEW.obtained_on, NEW.words
      ON CONFLICT (word, id) DO UPDATE SET organisation_id = excluded.organisation_id, country = excluded.country,
        obtained_on = excluded.obtained_on, words = excluded.words;
      INSERT INTO public.person_vocabulary (word) SELECT unnest(came) ON CONFLICT DO NOTHING;
    ELSE
      INSERT INTO public.organisation_words (word, id, words) SELECT unnest(came), NEW.id, NEW.words
      ON CONFLICT (word, id) DO UPDATE SET words = excluded.words;
      INSERT INTO public.organisation_vocabulary (word) SELECT unnest(came) ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    gone := ARRAY(SELECT unnest(string_to_array(OLD.words, ' ')) EXCEPT SELECT unnest(came) ORDER BY 1);
  END IF;
  FOREACH one IN ARRAY gone LOOP
    EXECUTE 'DELETE FROM ' || entries || ' WHERE word = $1 AND id = $2' USING one, OLD.id;
    -- The lock makes whoever takes out another row with this word wait, and see then that his was the last.
    EXECUTE 'SELECT 1 FROM ' || vocabulary || ' WHERE word = $1 FOR UPDATE' USING one;
    EXECUTE 'DELETE FROM ' || vocabulary || ' WHERE word = $1 AND NOT EXISTS (SELECT 1 FROM ' || entries || ' WHERE word = $1)' USING one;
  END LOOP;
  RETURN NULL;
END
$$
--;
CREATE TRIGGER person_vocabulary_kept AFTER INSERT OR DELETE OR UPDATE OF words, organisation_id, country, obtained_on ON person FOR EACH ROW EXECUTE FUNCTION desk.keep_vocabulary()
--;
CREATE TRIGGER organisation_vocabulary_kept AFTER INSERT OR DELETE OR UPDATE OF words ON organisation FOR EACH ROW EXECUTE FUNCTION desk.keep_vocabulary()
--;
INSERT INTO person_vocabulary (word)
SELECT DISTINCT unnest(string_to_array(words, ' ')) FROM person
--;
INSERT INTO organisation_vocabulary (word)
SELECT DISTINCT unnest(string_to_array(words, ' ')) FROM organisation
