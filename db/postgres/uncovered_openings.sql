CREATE OR REPLACE FUNCTION desk.opening_goes_only_by_the_log() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  newest bigint;
  said jsonb;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.entry WHERE entry.seq = OLD.seq AND entry.core IS NOT NULL) THEN
    RETURN OLD;
  END IF;
  SELECT entry.seq, convert_from(entry.core, 'UTF8')::jsonb INTO newest, said FROM public.entry
  WHERE entry.act = 'audit.expired' AND entry.out = 'ok' ORDER BY entry.seq DESC LIMIT 1;
  IF newest > OLD.seq AND (said ->> 'n')::bigint >= OLD.seq
    AND said -> 'kinds' ? (
      CASE WHEN OLD.field = 'reason' OR starts_with(OLD.field, 'reason.') THEN 'reason' ELSE 'value' END
    )
  THEN
    RETURN OLD;
  END IF;
  PERFORM 1 FROM public.entry AS erased
  WHERE erased.act = 'audit.erased' AND erased.out = 'ok' AND erased.seq > OLD.seq AND (
    EXISTS (
      SELECT 1 FROM public.entry_subject AS gone JOIN public.entry_subject AS about ON about.aid = gone.aid
      WHERE gone.seq = erased.seq AND about.seq = OLD.seq
    )
    OR convert_from(erased.core, 'UTF8')::jsonb -> 'kinds' ? (OLD.seq || ':' || OLD.field)
  )
  ORDER BY erased.seq DESC LIMIT 1;
  IF FOUND THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'an opening goes only after the log says so';
END $$
