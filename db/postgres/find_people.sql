CREATE FUNCTION desk.find_people(names text[], companies text[], in_country text, since date, looked integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  bound integer := least(looked, 1001);
  filtered boolean := in_country IS NOT NULL OR since IS NOT NULL;
  looking text;
  people_first text;
  companies_first text;
  taken bigint[];
  numbers bigint[] := '{}';
BEGIN
  -- Each way is planned for the words it asks for: what is right for a rare one reads the whole table for a common one.
  FOR way IN 1 .. cardinality(names) LOOP
    -- Of many words, each rare, the planner believes that the first rows by number have some of them: it must read the index.
    people_first := CASE WHEN strpos(names[way], '|') > 0 THEN 'person.id + 0' ELSE 'person.id' END;
    companies_first := CASE WHEN strpos(companies[way], '|') > 0 THEN 'organisation.id + 0' ELSE 'organisation.id' END;
    looking := 'SELECT person.id, person.country, person.obtained_on FROM public.person WHERE true';
    IF names[way] IS NOT NULL THEN
      looking := looking || ' AND array_to_tsvector(string_to_array(person.words, '' '')) @@ $1::tsquery';
    END IF;
    IF companies[way] IS NOT NULL THEN
      looking := looking || ' AND person.organisation_id IN (SELECT organisation.id FROM public.organisation'
        || ' WHERE array_to_tsvector(string_to_array(organisation.words, '' '')) @@ $2::tsquery'
        || ' ORDER BY ' || companies_first || ' LIMIT $7)';
    END IF;
    looking := looking || ' ORDER BY ' || people_first || ' LIMIT $3';
    IF filtered THEN
      looking := 'SELECT met.id FROM (' || looking || ') AS met WHERE ($4 IS NULL OR met.country = $4)'
        || ' AND ($5 IS NULL OR met.obtained_on >= $5) ORDER BY met.id LIMIT $6';
    END IF;
    EXECUTE 'SELECT array_agg(met.id) FROM (' || looking || ') AS met' INTO taken
      USING names[way], companies[way], CASE WHEN filtered THEN 10000 ELSE bound END, in_country, since, bound,
        CASE WHEN names[way] IS NULL THEN 200 ELSE 1000 END;
    numbers := numbers || taken;
  END LOOP;
  RETURN QUERY SELECT DISTINCT each.id FROM unnest(numbers) AS each (id) ORDER BY each.id LIMIT bound;
END
$$
