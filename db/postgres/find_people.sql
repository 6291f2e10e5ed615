CREATE OR REPLACE FUNCTION desk.word_sizes(holder text, asked text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  parts text[] := ARRAY(SELECT DISTINCT part FROM unnest(asked) AS each (terms), unnest(string_to_array(each.terms, '&')) AS part);
  plan json;
BEGIN
  IF cardinality(parts) = 0 THEN
    RETURN '{}';
  END IF;
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || (
    SELECT string_agg('(SELECT FROM public.' || holder || ' WHERE array_to_tsvector(string_to_array(words, '' '')) @@ '
      || quote_literal(each.terms) || '::tsquery)', ' UNION ALL ' ORDER BY each.nth)
    FROM unnest(parts) WITH ORDINALITY AS each (terms, nth)
  ) INTO plan;
  plan := CASE WHEN cardinality(parts) = 1 THEN json_build_array(plan -> 0 -> 'Plan') ELSE plan -> 0 -> 'Plan' -> 'Plans' END;
  RETURN (SELECT jsonb_object_agg(each.terms, plan -> (each.nth - 1)::integer -> 'Plan Rows') FROM unnest(parts) WITH ORDINALITY AS each (terms, nth));
END
$$
--;
CREATE OR REPLACE FUNCTION desk.words_held(holder text, asked text, many double precision, sizes jsonb, OUT held text, OUT by_row text, OUT n double precision)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  rows double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = ('public.' || holder)::regclass);
  by_index text := 'array_to_tsvector(string_to_array(' || holder || '.words, '' '')) @@ ';
  groups text[] := string_to_array(asked, '&');
  so_far double precision := rows;
  looked_at text;
  indexed text := '';
  others text := '';
  part record;
BEGIN
  n := rows;
  FOR nth IN 1 .. cardinality(groups) LOOP
    n := n * (sizes ->> groups[nth])::double precision / rows;
  END LOOP;
  -- Going through all that has a word costs a fifth of looking at as many rows: hence the rarest word by the index, and
  -- another where that is less than to look at what is left. Of words equally rare to the planner the longest is. Of many
  -- alternatives, each rare, it believes far too much.
  FOR part IN
    SELECT each.terms, (sizes ->> each.terms)::double precision AS size, cardinality(string_to_array(each.terms, '|')) > 20 AS are_many
    FROM unnest(groups) WITH ORDINALITY AS each (terms, nth)
    ORDER BY CASE WHEN cardinality(string_to_array(each.terms, '|')) > 20 THEN 0.05 ELSE 1 END * (sizes ->> each.terms)::double precision, length(each.terms) DESC, each.nth
  LOOP
    SELECT string_agg('strpos('' '' || ' || holder || '.words' || CASE WHEN right(each.word, 2) = ':*' THEN ', ' || quote_literal(' ' || rtrim(each.word, ':*'))
        ELSE ' || '' '', ' || quote_literal(' ' || each.word || ' ') END || ') > 0', ' OR ')
      INTO looked_at FROM unnest(string_to_array(translate(part.terms, '''()', ''), '|')) AS each (word);
    -- Alternatives all hold what was typed, which is the first of them.
    looked_at := CASE WHEN part.are_many
      THEN 'strpos(' || holder || '.words, ' || quote_literal(translate(split_part(part.terms, '|', 1), '()'':*', '')) || ') > 0 AND ' || by_index || quote_literal(part.terms) || '::tsquery'
      ELSE '(' || looked_at || ')' END;
    by_row := concat_ws(' AND ', by_row, looked_at);
    IF (part.are_many AND indexed = '') OR (NOT part.are_many AND n <= many AND so_far > 1000 AND part.size < 5 * so_far) THEN
      indexed := indexed || CASE WHEN indexed = '' THEN '' ELSE '&' END || part.terms;
      so_far := CASE WHEN part.are_many THEN least(so_far, 1000) ELSE so_far * part.size / rows END;
    ELSE
      others := others || ' AND ' || looked_at;
    END IF;
  END LOOP;
  held := CASE WHEN indexed = '' THEN by_row ELSE by_index || quote_literal(indexed) || '::tsquery' || others END;
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
  in_order double precision := most;
  plan json;
  people double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = 'public.person'::regclass);
  houses double precision := (SELECT greatest(it.reltuples, 1) FROM pg_class AS it WHERE it.oid = 'public.organisation'::regclass);
  of_people jsonb;
  of_houses jsonb;
  employers integer;
  looking text;
  own record;
  theirs record;
  few bigint[];
  taken bigint[];
  numbers bigint[] := '{}';
BEGIN
  -- Rare words are read by their index, all of them; of common ones the rows in their order, until there are enough.
  -- A row by the index takes four times what one in order does: hence a quarter. The sum keeps the planner from reading
  -- in the order of the key where the words are rare.
  IF in_country IS NOT NULL AND since IS NULL THEN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM public.person WHERE person.country = ' || quote_literal(in_country) INTO plan;
    in_order := least(most, bound * people / (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision);
  END IF;
  of_people := desk.word_sizes('person', names);
  of_houses := desk.word_sizes('organisation', companies);
  FOR way IN 1 .. cardinality(names) LOOP
    looking := 'SELECT person.id, person.country, person.obtained_on FROM public.person WHERE ';
    IF companies[way] IS NULL THEN
      own := desk.words_held('person', names[way], sqrt(in_order * people / 4), of_people);
      looking := looking || own.held || ' ORDER BY person.id' || CASE WHEN starts_with(own.held, '(') THEN '' ELSE ' + 0' END;
    ELSE
      employers := CASE WHEN names[way] IS NULL THEN 200 ELSE 1000 END;
      theirs := desk.words_held('organisation', companies[way], sqrt(employers * houses / 4), of_houses);
      IF names[way] IS NOT NULL THEN
        own := desk.words_held('person', names[way], employers, of_people);
        -- Where the name is rarer than the company's, hardly anybody of that name works at such a company: most often
        -- nobody, and then it need not be known which companies are the first.
        few := NULL;
        IF own.n <= employers AND 2 * own.n <= theirs.n THEN
          EXECUTE 'SELECT array_agg(met.id) FROM (SELECT person.id FROM public.person WHERE ' || own.held || ' LIMIT 1001) AS met' INTO few;
          CONTINUE WHEN few IS NULL;
        END IF;
        IF cardinality(few) <= 1000 THEN
          EXECUTE 'SELECT array_agg(person.id) FROM public.person JOIN public.organisation ON organisation.id = person.organisation_id'
            || ' WHERE person.id = ANY ($1) AND ' || theirs.by_row INTO few USING few;
          CONTINUE WHEN few IS NULL;
          looking := looking || 'person.id = ANY ($4)';
        ELSE
          looking := looking || own.by_row;
        END IF;
        looking := looking || ' AND ';
      END IF;
      looking := looking || 'person.organisation_id IN (SELECT organisation.id FROM public.organisation WHERE ' || theirs.held
        || ' ORDER BY organisation.id' || CASE WHEN starts_with(theirs.held, '(') THEN '' ELSE ' + 0' END || ' LIMIT ' || employers || ')'
        || ' ORDER BY person.id + 0';
    END IF;
    looking := looking || ' LIMIT ' || most;
    IF filtered THEN
      looking := 'SELECT met.id FROM (' || looking || ') AS met WHERE ($1 IS NULL OR met.country = $1)'
        || ' AND ($2 IS NULL OR met.obtained_on >= $2) ORDER BY met.id LIMIT $3';
    END IF;
    EXECUTE 'SELECT array_agg(met.id) FROM (' || looking || ') AS met' INTO taken USING in_country, since, bound, few;
    numbers := numbers || taken;
  END LOOP;
  RETURN QUERY SELECT DISTINCT each.id FROM unnest(numbers) AS each (id) ORDER BY each.id LIMIT bound;
END
$$
