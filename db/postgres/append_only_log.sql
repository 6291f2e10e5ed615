CREATE SCHEMA IF NOT EXISTS desk
--;
CREATE FUNCTION desk.entry_is_next() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.core IS NULL OR NEW.seq IS DISTINCT FROM (SELECT seq FROM public.head WHERE id = 1) THEN
    RAISE EXCEPTION 'an entry is appended with the next number';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER entry_is_next BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION desk.entry_is_next()
--;
CREATE FUNCTION desk.entry_is_pruned_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.core IS NULL AND OLD.core IS NOT NULL AND NEW.seq = OLD.seq AND NEW.leaf = OLD.leaf
    AND num_nonnulls(NEW.t, NEW.act, NEW.out, NEW.actor, NEW.purpose, NEW.ref, NEW.standing, NEW.level) = 0
    AND EXISTS (
      SELECT 1 FROM public.entry AS pruned
      WHERE pruned.act = 'audit.pruned' AND pruned.out = 'ok' AND pruned.seq > OLD.seq
        AND (convert_from(pruned.core, 'UTF8')::json ->> 'n')::bigint >= OLD.seq
    )
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an entry may only be pruned, and only where the log says so';
END $$
--;
CREATE TRIGGER entry_is_pruned_only BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION desk.entry_is_pruned_only()
--;
CREATE FUNCTION desk.never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is only appended to';
END $$
--;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE TRIGGER entry_is_not_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION desk.never()
--;
CREATE FUNCTION desk.belongs_to_the_next_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.seq IS DISTINCT FROM (SELECT seq FROM public.head WHERE id = 1) THEN
    RAISE EXCEPTION 'it is written with its entry';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER entry_subject_is_next BEFORE INSERT ON entry_subject FOR EACH ROW EXECUTE FUNCTION desk.belongs_to_the_next_entry()
--;
CREATE TRIGGER entry_subject_stays_as_it_is BEFORE UPDATE ON entry_subject FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE FUNCTION desk.subject_goes_with_its_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.entry WHERE seq = OLD.seq AND core IS NOT NULL) THEN
    RAISE EXCEPTION 'a subject goes only when its entry is pruned';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER entry_subject_goes_with_its_entry BEFORE DELETE ON entry_subject FOR EACH ROW EXECUTE FUNCTION desk.subject_goes_with_its_entry()
--;
CREATE TRIGGER entry_subject_is_not_emptied BEFORE TRUNCATE ON entry_subject FOR EACH STATEMENT EXECUTE FUNCTION desk.never()
--;
CREATE TRIGGER opening_is_next BEFORE INSERT ON opening FOR EACH ROW EXECUTE FUNCTION desk.belongs_to_the_next_entry()
--;
CREATE TRIGGER opening_stays_as_it_is BEFORE UPDATE ON opening FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE FUNCTION desk.opening_goes_only_by_the_log() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.entry WHERE act IN ('audit.erased', 'audit.expired') AND seq > OLD.seq) THEN
    RAISE EXCEPTION 'an opening goes only after the log says so';
  END IF;
  RETURN OLD;
END $$
--;
CREATE TRIGGER opening_goes_only_by_the_log BEFORE DELETE ON opening FOR EACH ROW EXECUTE FUNCTION desk.opening_goes_only_by_the_log()
--;
CREATE TRIGGER opening_is_not_emptied BEFORE TRUNCATE ON opening FOR EACH STATEMENT EXECUTE FUNCTION desk.never()
--;
CREATE FUNCTION desk.head_moves_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq IS DISTINCT FROM OLD.seq + 1 OR NEW.id IS DISTINCT FROM OLD.id OR NEW.origin IS DISTINCT FROM OLD.origin THEN
    RAISE EXCEPTION 'the head moves by one';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER head_moves_by_one BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION desk.head_moves_by_one()
--;
CREATE TRIGGER head_stays BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE TRIGGER head_is_not_emptied BEFORE TRUNCATE ON head FOR EACH STATEMENT EXECUTE FUNCTION desk.never()
--;
CREATE FUNCTION desk.checkpoint_grows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.size > (SELECT seq FROM public.head WHERE id = 1) OR NEW.size <= COALESCE((SELECT max(size) FROM public.checkpoint), 0) THEN
    RAISE EXCEPTION 'a checkpoint covers more than the last and not more than the log';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER checkpoint_grows BEFORE INSERT ON checkpoint FOR EACH ROW EXECUTE FUNCTION desk.checkpoint_grows()
--;
CREATE TRIGGER checkpoint_stays_as_it_is BEFORE UPDATE ON checkpoint FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION desk.never()
--;
CREATE TRIGGER checkpoint_is_not_emptied BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION desk.never()
