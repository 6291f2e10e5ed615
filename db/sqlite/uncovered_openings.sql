DROP TRIGGER opening_goes_only_by_the_log
--;
CREATE TRIGGER opening_goes_only_by_the_log BEFORE DELETE ON opening
WHEN EXISTS (SELECT 1 FROM entry WHERE seq = OLD.seq AND core IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM (
      SELECT seq, CAST(core AS TEXT) AS said FROM entry
      WHERE act = 'audit.expired' AND out = 'ok' ORDER BY seq DESC LIMIT 1
    ) AS newest
    WHERE newest.seq > OLD.seq AND json_extract(newest.said, '$.n') >= OLD.seq AND EXISTS (
      SELECT 1 FROM json_each(newest.said, '$.kinds') AS part
      WHERE part.value = iif(OLD.field = 'reason' OR OLD.field GLOB 'reason.*', 'reason', 'value')
    )
  )
  AND (
    SELECT 1 FROM entry AS erased
    WHERE erased.act = 'audit.erased' AND erased.out = 'ok' AND erased.seq > OLD.seq AND (
      EXISTS (
        SELECT 1 FROM entry_subject AS gone JOIN entry_subject AS about ON about.aid = gone.aid
        WHERE gone.seq = erased.seq AND about.seq = OLD.seq
      )
      OR EXISTS (
        SELECT 1 FROM json_each(CAST(erased.core AS TEXT), '$.kinds') AS part
        WHERE part.value = OLD.seq || ':' || OLD.field
      )
    )
    ORDER BY erased.seq DESC LIMIT 1
  ) IS NULL
BEGIN SELECT RAISE(ABORT, 'an opening goes only after the log says so'); END
