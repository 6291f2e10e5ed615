CREATE FUNCTION desk.keep_trigrams() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kept text := 'public.' || quote_ident(replace(TG_TABLE_NAME, '_vocabulary', '_trigram'));
BEGIN
  IF TG_OP = 'DELETE' THEN
    EXECUTE 'DELETE FROM ' || kept || ' WHERE word = $1'
      || ' AND trigram IN (SELECT substr($1, at, 3) FROM generate_series(2, length($1) - 2) AS at)' USING OLD.word;
  ELSIF EXISTS (SELECT 1 FROM public.built_index WHERE name = 'trigrams') THEN
    EXECUTE 'INSERT INTO ' || kept || ' (trigram, word)'
      || ' SELECT DISTINCT substr($1, at, 3), $1 FROM generate_series(2, length($1) - 2) AS at ON CONFLICT DO NOTHING'
      USING NEW.word;
  END IF;
  RETURN NULL;
END
$$
--;
CREATE TRIGGER person_trigrams_kept AFTER INSERT OR DELETE ON person_vocabulary FOR EACH ROW EXECUTE FUNCTION desk.keep_trigrams()
--;
CREATE TRIGGER organisation_trigrams_kept AFTER INSERT OR DELETE ON organisation_vocabulary FOR EACH ROW EXECUTE FUNCTION desk.keep_trigrams()
