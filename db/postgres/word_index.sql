CREATE INDEX person_words ON person USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)
--;
CREATE INDEX organisation_words ON organisation USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)
--;
CREATE FUNCTION desk.find_people(query text, names boolean DEFAULT true, companies boolean DEFAULT true) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT found.id FROM (
    (
      SELECT person.id FROM public.person
      WHERE names AND array_to_tsvector(string_to_array(person.words, ' ')) @@ query::tsquery
      ORDER BY person.id LIMIT 200
    )
    UNION
    (
      SELECT person.id FROM public.person
      WHERE companies AND person.organisation_id IN (
        SELECT organisation.id FROM public.organisation
        WHERE array_to_tsvector(string_to_array(organisation.words, ' ')) @@ query::tsquery
        ORDER BY organisation.id LIMIT 200
      )
      ORDER BY person.id LIMIT 200
    )
  ) AS found
  ORDER BY found.id LIMIT 200
$$
