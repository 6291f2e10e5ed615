CREATE OR REPLACE FUNCTION desk.find_organisations(asked text, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0 SET jit = off SET work_mem = '32MB' AS $$
BEGIN
  RETURN QUERY SELECT unnest(
    desk.numbers_with('organisation', asked, least(looked, 10000), desk.word_sizes('organisation', ARRAY[asked], least(looked, 10000)))
  );
END
$$
