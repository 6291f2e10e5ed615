CREATE OR REPLACE FUNCTION desk.words_held(holder text, asked text, many double precision) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  by_index text := 'array_to_tsvector(string_to_array(' || holder || '.words, '' '')) @@ ' || quote_literal(asked) || '::tsquery';
  plan json;
BEGIN
  -- Of alternatives, each rare, the planner believes too much; they are read by their index.
  IF strpos(asked, '|') > 0 THEN
    RETURN by_index;
  END IF;
  EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM public.' || holder || ' WHERE ' || by_index INTO plan;
  IF (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision <= many THEN
    RETURN by_index;
  END IF;
  RETURN (
    SELECT string_agg('strpos('' '' || ' || holder || '.words, ' || quote_literal(' ' || each.term) || ') > 0', ' AND ')
    FROM unnest(string_to_array(replace(replace(asked, ''':*', ''), '''', ''), '&')) AS each (term)
  );
END
$$
--;
CREATE OR REPLACE FUNCTION desk.find_people(names text[], companies text[], in_country text, since date, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
-- The planner holds making a row's words anew for free, and would read a whole table for them; others beside it only wait.
SET cpu_operator_cost = 0.1 SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  bound integer := least(looked, 1001);
  filtered boolean := in_country IS NOT NULL OR since IS NOT NULL;
  most integer := CASE WHEN filtered THEN 10000 ELSE bound END;
  people double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = 'public.person'::regclass);
  houses double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = 'public.organisation'::regclass);
  employers integer;
  looking text;
  held text;
  taken bigint[];
  numbers bigint[] := '{}';
BEGIN
  -- Rare words are read by their index, all of them; of common ones the rows in their order, until there are enough.
  -- A row by the index takes four times what one in order does: hence a quarter. The sum keeps the planner from reading
  -- in the order of the key where the words are rare.
  FOR way IN 1 .. cardinality(names) LOOP
    looking := 'SELECT person.id, person.country, person.obtained_on FROM public.person WHERE true';
    IF companies[way] IS NULL THEN
      held := desk.words_held('person', names[way], sqrt(most * people / 4));
      looking := looking || ' AND ' || held || ' ORDER BY person.id' || CASE WHEN starts_with(held, 'strpos') THEN '' ELSE ' + 0' END;
    ELSE
      employers := CASE WHEN names[way] IS NULL THEN 200 ELSE 1000 END;
      held := desk.words_held('organisation', companies[way], sqrt(employers * houses / 4));
      looking := looking || ' AND person.organisation_id IN (SELECT organisation.id FROM public.organisation WHERE ' || held
        || ' ORDER BY organisation.id' || CASE WHEN starts_with(held, 'strpos') THEN '' ELSE ' + 0' END || ' LIMIT ' || employers || ')';
      IF names[way] IS NOT NULL THEN
        looking := looking || ' AND ' || desk.words_held('person', names[way], employers);
      END IF;
      looking := looking || ' ORDER BY person.id + 0';
    END IF;
    looking := looking || ' LIMIT ' || most;
    IF filtered THEN
      looking := 'SELECT met.id FROM (' || looking || ') AS met WHERE ($1 IS NULL OR met.country = $1)'
        || ' AND ($2 IS NULL OR met.obtained_on >= $2) ORDER BY met.id LIMIT $3';
    END IF;
    EXECUTE 'SELECT array_agg(met.id) FROM (' || looking || ') AS met' INTO taken USING in_country, since, bound;
    numbers := numbers || taken;
  END LOOP;
  RETURN QUERY SELECT DISTINCT each.id FROM unnest(numbers) AS each (id) ORDER BY each.id LIMIT bound;
END
$$
