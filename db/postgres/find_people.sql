CREATE OR REPLACE FUNCTION desk.word_entries(holder text, part text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text[] := string_to_array(part, '|');
  entries text := 'SELECT it.* FROM public.' || quote_ident(holder || '_words') || ' AS it WHERE it.word ';
BEGIN
  -- What was typed begins a word; the others will do for it whole.
  RETURN entries || '>= ' || quote_literal(words[1]) || ' AND it.word < ' || quote_literal(words[1] || chr(1114111))
    || CASE WHEN cardinality(words) = 1 THEN '' ELSE ' UNION ALL ' || entries || '= ANY (ARRAY(SELECT unnest(' || quote_literal(words[2:]) || '::text[])))' END;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.words_in_row(asked text, holder text, but text DEFAULT '') RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held text := quote_ident(holder) || '.words';
  conditions text := 'true';
  part text;
  words text[];
BEGIN
  FOREACH part IN ARRAY array_remove(string_to_array(coalesce(asked, ''), ' '), but) LOOP
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
  sizes jsonb := '{}';
  parts text[] := ARRAY(SELECT DISTINCT unnest(string_to_array(one.terms, ' ')) FROM unnest(asked) AS one (terms));
  -- Of words more common than this the first rows are met sooner in their order: a row takes four times what an entry does.
  enough bigint := (SELECT ceil(sqrt(4 * most * greatest(it.reltuples, 1))) FROM pg_class AS it WHERE it.oid = ('public.' || holder)::regclass);
  part text;
  size bigint;
BEGIN
  -- Of several it matters little by how much one is more common.
  IF cardinality(parts) > 1 THEN
    enough := least(enough, 10001);
  END IF;
  FOREACH part IN ARRAY parts LOOP
    EXECUTE 'SELECT count(*) FROM (' || desk.word_entries(holder, part) || ' LIMIT ' || enough || ') AS met' INTO size;
    sizes := sizes || jsonb_build_object(part, size);
  END LOOP;
  RETURN sizes;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.first_numbers(those text, passing text, most bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  met bigint;
  numbers bigint[];
BEGIN
  IF passing IS NOT NULL THEN
    EXECUTE 'SELECT array_agg(met.id) FROM (SELECT met.id FROM ('
      || 'SELECT DISTINCT met.id, met.country, met.obtained_on FROM (' || those || ') AS met ORDER BY met.id LIMIT 10000'
      || ') AS met WHERE ' || passing || ' ORDER BY met.id LIMIT $1) AS met' INTO numbers USING most;
    RETURN numbers;
  END IF;
  -- Hardly a row is met several times: to put the first in order takes less than to keep each but once.
  EXECUTE 'SELECT array_agg(DISTINCT met.id), count(*) FROM (SELECT met.id FROM (' || those || ') AS met ORDER BY 1 LIMIT $1) AS met'
    INTO numbers, met USING 2 * most;
  IF met = 2 * most AND cardinality(numbers) < most THEN
    EXECUTE 'SELECT array_agg(met.id) FROM (SELECT DISTINCT met.id FROM (' || those || ') AS met ORDER BY 1 LIMIT $1) AS met'
      INTO numbers USING most;
  END IF;
  RETURN numbers[:most];
END
$$
--;
CREATE OR REPLACE FUNCTION desk.numbers_with(holder text, asked text, most bigint, sizes jsonb, passing text DEFAULT NULL) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  rows double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = ('public.' || holder)::regclass);
  together double precision := rows;
  rarest text;
  part record;
  numbers bigint[];
BEGIN
  FOR part IN
    SELECT each.part, (sizes ->> each.part)::double precision AS size
    FROM unnest(string_to_array(asked, ' ')) WITH ORDINALITY AS each (part, nth) ORDER BY size, length(each.part) DESC, each.nth
  LOOP
    IF part.size = 0 THEN
      RETURN NULL;
    END IF;
    rarest := coalesce(rarest, part.part);
    together := together * part.size / rows;
  END LOOP;
  IF 4 * least(rows, CASE WHEN passing IS NULL THEN most ELSE 10000 END * rows / together) > (sizes ->> rarest)::double precision THEN
    RETURN desk.first_numbers(
      'SELECT it.* FROM (' || desk.word_entries(holder, rarest) || ') AS it WHERE ' || desk.words_in_row(asked, 'it', rarest), passing, most
    );
  END IF;
  EXECUTE 'SELECT array_agg(met.id) FROM (SELECT met.id FROM (SELECT it.* FROM public.' || quote_ident(holder) || ' AS it WHERE '
    || desk.words_in_row(asked, 'it') || ' ORDER BY it.id LIMIT $2) AS met WHERE ' || coalesce(passing, 'true')
    || ' ORDER BY met.id LIMIT $1) AS met' INTO numbers USING most, CASE WHEN passing IS NULL THEN most ELSE 10000 END;
  RETURN numbers;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.first_houses(companies text, most bigint) RETURNS bigint[]
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT desk.numbers_with('organisation', companies, most, desk.word_sizes('organisation', ARRAY[companies], most))
$$
--;
CREATE OR REPLACE FUNCTION desk.people_at(houses text, besides text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'SELECT it.id, it.country, it.obtained_on FROM (' || houses || ') AS house CROSS JOIN LATERAL ('
    || 'SELECT person.id, person.country, person.obtained_on, person.words FROM public.person WHERE person.organisation_id = house.id OFFSET 0) AS it WHERE ' || besides
$$
--;
CREATE OR REPLACE FUNCTION desk.rarest_word(names text[], companies text[], most bigint, OUT rarest text[], OUT of_people jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  term record;
  named bigint;
  size bigint;
BEGIN
  of_people := '{}';
  -- The longest first: that another one is more common is told the sooner.
  FOR term IN
    SELECT max(each.part) FILTER (WHERE each.of_name) AS named, max(each.part) FILTER (WHERE NOT each.of_name) AS employed
    FROM (
      SELECT true AS of_name, unnest(string_to_array(way, ' ')) AS part FROM unnest(names) AS way
      UNION SELECT false, unnest(string_to_array(way, ' ')) FROM unnest(companies) AS way
    ) AS each
    GROUP BY split_part(each.part, '|', 1) ORDER BY length(split_part(each.part, '|', 1)) DESC
  LOOP
    -- To look at somebody by his company takes a few times what it does to look at the next entry.
    EXECUTE 'SELECT named.size, named.size + 4 * (SELECT count(*) FROM (' || coalesce(
        desk.people_at(desk.word_entries('organisation', term.employed), 'true') || ' LIMIT greatest(($1 - named.size) / 4 + 1, 0)', 'SELECT WHERE false'
      ) || ') AS met) FROM (SELECT count(*) AS size FROM (' || coalesce(
        desk.word_entries('person', term.named) || ' LIMIT $1 + 1', 'SELECT WHERE false'
      ) || ') AS met) AS named' INTO named, size USING most;
    of_people := of_people || CASE WHEN term.named IS NULL THEN '{}' ELSE jsonb_build_object(term.named, named) END;
    IF size <= most THEN
      most := size;
      rarest := ARRAY[term.named, term.employed];
    END IF;
  END LOOP;
  IF rarest IS NULL THEN
    -- Companies many work at have it: those with it in the name are few all the same.
    rarest := (
      SELECT ARRAY[each.part, NULL] FROM jsonb_each_text(of_people) AS each (part, size)
      WHERE each.size::bigint <= most ORDER BY each.size::bigint LIMIT 1
    );
  END IF;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.people_by_rarest(rarest text[], names text[], companies text[], passing text, most bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  bound integer;
  of_name text[] := '{}';
  of_house text[] := '{}';
BEGIN
  FOR way IN REVERSE cardinality(names) .. 1 LOOP
    bound := CASE WHEN names[way] IS NULL THEN 200 ELSE 1000 END;
    -- Which companies are the first is asked once, and where somebody has the words alone.
    IF rarest[1] = ANY (string_to_array(names[way], ' ')) THEN
      of_name := of_name || ('(' || desk.words_in_row(names[way], 'it', rarest[1]) || coalesce(
        ' AND it.organisation_id IN (SELECT unnest(desk.first_houses(' || quote_literal(companies[way]) || ', ' || bound || ')))', ''
      ) || ')');
    ELSE
      of_house := of_house || ('CASE WHEN ' || desk.words_in_row(companies[way], 'house', rarest[2]) || ' AND ' || desk.words_in_row(names[way], 'it')
        || ' THEN house.id <= (SELECT coalesce((desk.first_houses(' || quote_literal(companies[way]) || ', ' || bound || '))[' || bound
        || '], 9223372036854775807)) END');
    END IF;
  END LOOP;
  RETURN desk.first_numbers(concat_ws(' UNION ALL ',
    'SELECT met.id FROM (SELECT it.* FROM (' || desk.word_entries('person', rarest[1]) || ') AS it WHERE '
      || nullif(array_to_string(of_name, ' OR '), '') || ') AS met WHERE ' || coalesce(passing, 'true'),
    'SELECT met.id FROM (' || desk.people_at(
      desk.word_entries('organisation', rarest[2]), nullif(array_to_string(of_house, ' OR '), '')
    ) || ') AS met WHERE ' || coalesce(passing, 'true')
  ), NULL, most);
END
$$
--;
CREATE OR REPLACE FUNCTION desk.people_with(names text, companies text, passing text, most bigint, of_people jsonb, of_houses jsonb) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  houses bigint[];
  rarest text;
BEGIN
  IF companies IS NULL THEN
    RETURN desk.numbers_with('person', names, most, of_people, passing);
  END IF;
  houses := desk.numbers_with('organisation', companies, CASE WHEN names IS NULL THEN 200 ELSE 1000 END, of_houses);
  rarest := (
    SELECT each.part FROM unnest(string_to_array(names, ' ')) AS each (part)
    WHERE (of_people ->> each.part)::bigint < 10 * cardinality(houses) ORDER BY (of_people ->> each.part)::bigint LIMIT 1
  );
  -- Told as they are the numbers would be weighed one by one before the first is looked up.
  RETURN CASE WHEN houses <> '{}' THEN desk.first_numbers(
    CASE
      WHEN rarest IS NULL THEN 'SELECT it.id, it.country, it.obtained_on FROM public.person AS it WHERE it.organisation_id = ANY (ARRAY('
      ELSE 'SELECT it.* FROM (' || desk.word_entries('person', rarest) || ') AS it WHERE it.organisation_id IN (('
    END || 'SELECT unnest(' || quote_literal(houses) || '::bigint[]))) AND ' || desk.words_in_row(names, 'it', rarest), passing, most
  ) END;
END
$$
--;
CREATE OR REPLACE FUNCTION desk.find_people(names text[], companies text[], in_country text, since date, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- No word stands in the planner's figures, since an erasure could not take it out of them: it is told what is quick.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET max_parallel_workers_per_gather = 0 SET jit = off SET work_mem = '32MB' AS $$
DECLARE
  bound integer := least(looked, 1001);
  passing text := nullif(concat_ws(' AND ', 'met.country = ' || quote_literal(in_country), 'met.obtained_on >= ' || quote_literal(since)), '');
  rarest text[];
  of_people jsonb;
  of_houses jsonb;
  together integer[] := '{}';
  numbers bigint[] := '{}';
BEGIN
  -- The ways with the rarest of several words are judged in one pass over those who have it; past ten thousand each is gone by itself.
  IF strpos(coalesce(names[1], companies[1]), ' ') > 0 OR names[1] || companies[1] IS NOT NULL THEN
    SELECT * INTO rarest, of_people FROM desk.rarest_word(names, companies, 10000);
  ELSE
    of_people := desk.word_sizes('person', names, bound);
  END IF;
  FOR way IN 1 .. cardinality(names) LOOP
    IF rarest[1] = ANY (string_to_array(names[way], ' ')) OR rarest[2] = ANY (string_to_array(companies[way], ' ')) THEN
      together := together || way;
    ELSE
      of_houses := coalesce(of_houses, desk.word_sizes('organisation', companies, 1000));
      numbers := numbers || desk.people_with(names[way], companies[way], passing, bound, of_people, of_houses);
    END IF;
  END LOOP;
  IF together <> '{}' THEN
    numbers := numbers || desk.people_by_rarest(
      rarest, ARRAY(SELECT names[way] FROM unnest(together) AS way), ARRAY(SELECT companies[way] FROM unnest(together) AS way), passing, bound
    );
  END IF;
  RETURN QUERY SELECT DISTINCT each.id FROM unnest(numbers) AS each (id) ORDER BY each.id LIMIT bound;
END
$$
