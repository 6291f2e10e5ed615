CREATE OR REPLACE FUNCTION desk.entry_is_pruned_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  newest bigint;
  said jsonb;
BEGIN
  SELECT entry.seq, convert_from(entry.core, 'UTF8')::jsonb INTO newest, said FROM public.entry
  WHERE entry.act = 'audit.pruned' AND entry.out = 'ok' ORDER BY entry.seq DESC LIMIT 1;
  IF NEW.core IS NULL AND OLD.core IS NOT NULL AND NEW.seq = OLD.seq AND NEW.leaf = OLD.leaf
    AND num_nonnulls(NEW.t, NEW.act, NEW.out, NEW.actor, NEW.purpose, NEW.ref, NEW.standing, NEW.level) = 0
    AND newest > OLD.seq AND (said ->> 'n')::bigint >= OLD.seq
    AND (
      jsonb_array_length(said -> 'kinds') = 0
      OR EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(said -> 'kinds') AS part
        WHERE CASE WHEN part ~ '^[1-9][0-9]*(-[1-9][0-9]*)?$' THEN OLD.seq
          BETWEEN split_part(part, '-', 1)::bigint AND coalesce(nullif(split_part(part, '-', 2), ''), part)::bigint END
      )
    )
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an entry may only be pruned, and only where the log says so';
END $$
--;
CREATE OR REPLACE FUNCTION desk.opening_goes_only_by_the_log() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.entry WHERE act IN ('audit.erased', 'audit.expired') AND seq > OLD.seq)
    AND EXISTS (SELECT 1 FROM public.entry WHERE seq = OLD.seq AND core IS NOT NULL)
  THEN
    RAISE EXCEPTION 'an opening goes only after the log says so';
  END IF;
  RETURN OLD;
END $$
