CREATE OR REPLACE FUNCTION desk.word_entries(holder text, part text, besides text DEFAULT '') RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text[] := string_to_array(part, '|');
  entries text := 'SELECT it.id FROM public.' || quote_ident(holder || '_words') || ' AS it WHERE it.word ';
BEGIN
  -- What was typed begins a word; the others will do for it whole.
  RETURN entries || '>= ' || quote_literal(words[1]) || ' AND it.word < ' || quote_literal(words[1] || chr(1114111)) || besides
    || CASE WHEN cardinality(words) = 1 THEN '' ELSE ' UNION ALL ' || entries || '= ANY (' || quote_literal(words[2:]) || ')' || besides END;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.words_in_row(parts text[], holder text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held text := quote_ident(holder) || '.words';
  conditions text := 'true';
  part text;
  words text[];
BEGIN
  FOREACH part IN ARRAY parts LOOP
    words := string_to_array(part, '|');
    conditions := conditions || ' AND (strpos('' '' || ' || held || ', ' || quote_literal(' ' || words[1]) || ') > 0';
    -- All hold what was typed, which is soon looked for.
    IF cardinality(words) > 1 THEN
      conditions := conditions || ' OR strpos(' || held || ', ' || quote_literal(words[1]) || ') > 0 AND string_to_array(' || held
        || ', '' '') && ' || quote_literal(words[2:]) || '::text[]';
    END IF;
    conditions := conditions || ')';
  END LOOP;
  RETURN conditions;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.word_sizes(holder text, asked text[], most bigint) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  sizes jsonb;
  -- Of words more common than this the first rows are met sooner in their order: a row takes five times what an entry does.
  enough double precision := (SELECT ceil(sqrt(5 * most * greatest(it.reltuples, 1))) FROM pg_class AS it WHERE it.oid = ('public.' || holder)::regclass);
  part text;
  size bigint;
BEGIN
  sizes := jsonb_build_object('', enough);
  FOR part IN
    SELECT DISTINCT each.part FROM unnest(asked) AS one (terms), unnest(string_to_array(one.terms, ' ')) AS each (part)
  LOOP
    EXECUTE 'SELECT count(*) FROM (' || desk.word_entries(holder, part) || ' LIMIT ' || enough || ') AS met' INTO size;
    sizes := sizes || jsonb_build_object(part, size);
  END LOOP;
  RETURN sizes;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.numbers_with(holder text, asked text, most bigint, sizes jsonb, few bigint[] DEFAULT NULL) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  rows double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = ('public.' || holder)::regclass);
  together double precision := rows;
  read double precision := 0;
  rarest double precision := cardinality(few);
  enough double precision := sizes ->> '';
  part record;
  parts text[] := '{}';
  entries text := 'SELECT met.id FROM unnest($1) AS met (id) WHERE true';
  others text[] := '{}';
  other text;
  looking text;
  met bigint;
  numbers bigint[];
BEGIN
  FOR part IN
    SELECT each.part, (sizes ->> each.part)::double precision AS size
    FROM unnest(string_to_array(asked, ' ')) WITH ORDINALITY AS each (part, nth) ORDER BY size, length(each.part) DESC, each.nth
  LOOP
    IF part.size = 0 THEN
      RETURN NULL;
    END IF;
    parts := parts || part.part;
    together := together * part.size / rows;
    -- To look up the words of one row takes a dozen times what the next entry does.
    IF rarest IS NULL THEN
      rarest := part.size;
      entries := 'SELECT met.id FROM (' || desk.word_entries(holder, part.part) || ') AS met WHERE true';
      read := part.size;
    ELSIF part.size < 12 * rarest AND (part.size < enough OR part.size < 6 * rarest) THEN
      entries := entries || ' AND met.id IN (' || desk.word_entries(holder, part.part) || ')';
      read := read + part.size;
    ELSE
      others := others || part.part;
      read := read + 12 * rarest;
    END IF;
  END LOOP;
  IF few IS NULL AND 5 * least(rows, most * rows / together) <= read THEN
    EXECUTE 'SELECT array_agg(met.id) FROM (SELECT it.id FROM public.' || quote_ident(holder) || ' AS it WHERE '
      || desk.words_in_row(parts, 'it') || ' ORDER BY it.id LIMIT $1) AS met' INTO numbers USING most;
  ELSIF others <> '{}' THEN
    EXECUTE 'SELECT array_agg(met.id) FROM (' || entries || ') AS met' INTO numbers USING few;
    -- Told as an array the numbers would be weighed one by one before the first is looked up.
    looking := 'SELECT DISTINCT each.id FROM unnest($1) AS each (id)';
    FOREACH other IN ARRAY others LOOP
      looking := looking || ' CROSS JOIN LATERAL (SELECT FROM (' || desk.word_entries(holder, other, ' AND it.id = each.id') || ') AS met LIMIT 1)';
    END LOOP;
    EXECUTE 'SELECT array_agg(met.id) FROM (' || looking || ' ORDER BY 1 LIMIT $2) AS met' INTO numbers USING numbers, most;
  ELSE
    -- Hardly a row has several of the words: to put the first in order takes less than to keep each but once.
    EXECUTE 'SELECT array_agg(DISTINCT met.id), count(*) FROM (' || entries || ' ORDER BY 1 LIMIT $2) AS met'
      INTO numbers, met USING few, 2 * most;
    IF met = 2 * most AND cardinality(numbers) < most THEN
      EXECUTE 'SELECT array_agg(met.id) FROM (SELECT DISTINCT met.id FROM (' || entries || ') AS met ORDER BY 1 LIMIT $2) AS met'
        INTO numbers USING few, most;
    END IF;
    numbers := numbers[:most];
  END IF;
  RETURN numbers;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.people_with(names text, companies text, most bigint, of_people jsonb, of_houses jsonb) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  houses bigint[];
  numbers bigint[];
  anybody integer;
BEGIN
  IF companies IS NULL THEN
    RETURN desk.numbers_with('person', names, most, of_people);
  ELSIF names IS NULL THEN
    houses := desk.numbers_with('organisation', companies, 200, of_houses);
    RETURN (SELECT array_agg(met.id) FROM (
      SELECT person.id FROM public.person WHERE person.organisation_id = ANY (houses) ORDER BY person.id + 0 LIMIT most
    ) AS met);
  END IF;
  -- Where few have the name, most often none of them works at such a company, and it need not be known which are the first.
  IF (SELECT min((of_people ->> each.part)::integer) FROM unnest(string_to_array(names, ' ')) AS each (part)) <= 500 THEN
    EXECUTE 'SELECT 1 FROM unnest($1) AS each (id) CROSS JOIN LATERAL (SELECT FROM public.person'
      || ' JOIN public.organisation ON organisation.id = person.organisation_id WHERE person.id = each.id AND '
      || desk.words_in_row(string_to_array(companies, ' '), 'organisation') || ' OFFSET 0) AS looked_at LIMIT 1'
      INTO anybody USING desk.numbers_with('person', names, 500, of_people);
    IF anybody IS NULL THEN
      RETURN NULL;
    END IF;
  END IF;
  houses := desk.numbers_with('organisation', companies, 1000, of_houses);
  numbers := ARRAY(SELECT person.id FROM public.person WHERE person.organisation_id = ANY (houses));
  RETURN CASE WHEN numbers <> '{}' THEN desk.numbers_with('person', names, most, of_people, numbers) END;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.people_let_pass(numbers bigint[], in_country text, since date, most integer) RETURNS bigint[]
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ARRAY(
    SELECT person.id FROM public.person WHERE person.id = ANY (numbers)
      AND (in_country IS NULL OR person.country = in_country) AND (since IS NULL OR person.obtained_on >= since)
    ORDER BY person.id LIMIT most
  )
$$
--;
CREATE OR REPLACE FUNCTION desk.find_people(names text[], companies text[], in_country text, since date, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- No word stands in the planner's figures, since an erasure could not take it out of them: it is told what is quick.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0 SET jit = off SET work_mem = '32MB' AS $$
DECLARE
  bound integer := least(looked, 1001);
  filtered boolean := in_country IS NOT NULL OR since IS NOT NULL;
  of_people jsonb := desk.word_sizes('person', names, bound);
  of_houses jsonb := desk.word_sizes('organisation', companies, 1000);
  most integer;
  taken bigint[];
  met bigint[];
  numbers bigint[] := '{}';
BEGIN
  FOR way IN 1 .. cardinality(names) LOOP
    -- Of the first ten thousand those are taken that the filters let pass: most often a few suffice.
    most := CASE WHEN filtered THEN least(5 * bound, 10000) ELSE bound END;
    taken := desk.people_with(names[way], companies[way], most, of_people, of_houses);
    met := CASE WHEN filtered THEN desk.people_let_pass(taken, in_country, since, bound) ELSE taken END;
    IF filtered AND cardinality(taken) = most AND most < 10000 AND cardinality(met) < bound THEN
      taken := desk.people_with(names[way], companies[way], 10000, of_people, of_houses);
      met := met || desk.people_let_pass(taken[most + 1 :], in_country, since, bound);
    END IF;
    numbers := numbers || met;
  END LOOP;
  RETURN QUERY SELECT DISTINCT each.id FROM unnest(numbers) AS each (id) ORDER BY each.id LIMIT bound;
END
$$
