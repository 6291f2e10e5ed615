CREATE OR REPLACE FUNCTION desk.find_organisations(asked text, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- As in desk.find_people: rare words are read by their index, common ones by rows in their order until there are enough.
SET cpu_operator_cost = 0.1 SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  bound integer := least(looked, 10000);
  houses double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = 'public.organisation'::regclass);
  held text := (desk.words_held('organisation', asked, sqrt(bound * houses / 4), desk.word_sizes('organisation', ARRAY[asked]))).held;
BEGIN
  RETURN QUERY EXECUTE 'SELECT organisation.id FROM public.organisation WHERE ' || held
    || ' ORDER BY organisation.id' || CASE WHEN starts_with(held, '(') THEN '' ELSE ' + 0' END || ' LIMIT ' || bound;
END
$$
