CREATE TRIGGER entry_is_next BEFORE INSERT ON entry
WHEN NEW.core IS NULL OR NEW.seq IS NOT (SELECT seq FROM head WHERE id = 1) OR EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'an entry is appended with the next number'); END
--;
CREATE TRIGGER entry_is_pruned_only BEFORE UPDATE ON entry
WHEN NOT (
  NEW.core IS NULL AND OLD.core IS NOT NULL AND NEW.seq IS OLD.seq AND NEW.leaf IS OLD.leaf
  AND NEW.t IS NULL AND NEW.act IS NULL AND NEW.out IS NULL AND NEW.actor IS NULL AND NEW.purpose IS NULL
  AND NEW.ref IS NULL AND NEW.standing IS NULL AND NEW.level IS NULL
  AND EXISTS (
    SELECT 1 FROM entry AS pruned
    WHERE pruned.act = 'audit.pruned' AND pruned.out = 'ok' AND pruned.seq > OLD.seq
      AND json_extract(CAST(pruned.core AS TEXT), '$.n') >= OLD.seq
  )
)
BEGIN SELECT RAISE(ABORT, 'an entry may only be pruned, and only where the log says so'); END
--;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END
--;
CREATE TRIGGER entry_subject_is_next BEFORE INSERT ON entry_subject
WHEN NEW.seq IS NOT (SELECT seq FROM head WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'a subject is written with its entry'); END
--;
CREATE TRIGGER entry_subject_stays_as_it_is BEFORE UPDATE ON entry_subject
BEGIN SELECT RAISE(ABORT, 'a subject of an entry is never changed'); END
--;
CREATE TRIGGER entry_subject_goes_with_its_entry BEFORE DELETE ON entry_subject
WHEN EXISTS (SELECT 1 FROM entry WHERE seq = OLD.seq AND core IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a subject goes only when its entry is pruned'); END
--;
CREATE TRIGGER opening_is_next BEFORE INSERT ON opening
WHEN NEW.seq IS NOT (SELECT seq FROM head WHERE id = 1) OR EXISTS (SELECT 1 FROM opening WHERE seq = NEW.seq AND field = NEW.field)
BEGIN SELECT RAISE(ABORT, 'an opening is written with its entry'); END
--;
CREATE TRIGGER opening_stays_as_it_is BEFORE UPDATE ON opening
BEGIN SELECT RAISE(ABORT, 'an opening is never changed'); END
--;
CREATE TRIGGER opening_goes_only_by_the_log BEFORE DELETE ON opening
WHEN NOT EXISTS (SELECT 1 FROM entry WHERE act IN ('audit.erased', 'audit.expired') AND seq > OLD.seq)
BEGIN SELECT RAISE(ABORT, 'an opening goes only after the log says so'); END
--;
CREATE TRIGGER head_moves_by_one BEFORE UPDATE ON head
WHEN NEW.seq IS NOT OLD.seq + 1 OR NEW.id IS NOT OLD.id OR NEW.origin IS NOT OLD.origin
BEGIN SELECT RAISE(ABORT, 'the head moves by one'); END
--;
CREATE TRIGGER head_stays BEFORE DELETE ON head
BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END
--;
CREATE TRIGGER head_is_one BEFORE INSERT ON head
WHEN EXISTS (SELECT 1 FROM head)
BEGIN SELECT RAISE(ABORT, 'there is one head'); END
--;
CREATE TRIGGER checkpoint_grows BEFORE INSERT ON checkpoint
WHEN NEW.size > (SELECT seq FROM head WHERE id = 1) OR NEW.size <= COALESCE((SELECT max(size) FROM checkpoint), 0)
BEGIN SELECT RAISE(ABORT, 'a checkpoint covers more than the last and not more than the log'); END
--;
CREATE TRIGGER checkpoint_stays_as_it_is BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END
--;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END
