DROP TRIGGER entry_is_pruned_only
--;
CREATE TRIGGER entry_is_pruned_only BEFORE UPDATE ON entry
WHEN NOT (
  NEW.core IS NULL AND OLD.core IS NOT NULL AND NEW.seq IS OLD.seq AND NEW.leaf IS OLD.leaf
  AND NEW.t IS NULL AND NEW.act IS NULL AND NEW.out IS NULL AND NEW.actor IS NULL AND NEW.purpose IS NULL
  AND NEW.ref IS NULL AND NEW.standing IS NULL AND NEW.level IS NULL
  AND EXISTS (
    SELECT 1 FROM (
      SELECT seq, CAST(core AS TEXT) AS said FROM entry
      WHERE act = 'audit.pruned' AND out = 'ok' ORDER BY seq DESC LIMIT 1
    ) AS newest
    WHERE newest.seq > OLD.seq AND json_extract(newest.said, '$.n') >= OLD.seq AND (
      json_array_length(newest.said, '$.kinds') = 0
      OR EXISTS (
        SELECT 1 FROM json_each(newest.said, '$.kinds') AS part
        WHERE part.value GLOB '[1-9]*' AND NOT part.value GLOB '*[^0-9-]*' AND OLD.seq
          BETWEEN CAST(part.value AS INTEGER) AND CAST(substr(part.value, instr(part.value, '-') + 1) AS INTEGER)
      )
    )
  )
)
BEGIN SELECT RAISE(ABORT, 'an entry may only be pruned, and only where the log says so'); END
--;
DROP TRIGGER opening_goes_only_by_the_log
--;
CREATE TRIGGER opening_goes_only_by_the_log BEFORE DELETE ON opening
WHEN NOT EXISTS (SELECT 1 FROM entry WHERE act IN ('audit.erased', 'audit.expired') AND seq > OLD.seq)
  AND EXISTS (SELECT 1 FROM entry WHERE seq = OLD.seq AND core IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an opening goes only after the log says so'); END
