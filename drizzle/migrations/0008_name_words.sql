-- Small letters, without their accents; one apostrophe for all.
CREATE FUNCTION folded(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(
  replace(replace(replace(regexp_replace(normalize(lower(name), NFD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
  'øłđ’', 'old''');
--> statement-breakpoint
-- Each word of a name, and what stands behind an apostrophe in it (O'Brien, 's-Gravesande), of one practice.
CREATE FUNCTION name_words(practice_id uuid, first_name text, last_name_prefix text, last_name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (
  SELECT coalesce(array_to_tsvector(array_agg(DISTINCT practice_id::text || '/' || part)), '')
  FROM regexp_split_to_table(folded(first_name || ' ' || last_name_prefix || ' ' || last_name), '[\s-]+') AS word,
    unnest(ARRAY[word, regexp_replace(word, '^[^'']*''', ''), regexp_replace(word, '^.*''', '')]) AS part
  WHERE part <> ''
);
--> statement-breakpoint
-- Asks for names with words that begin so, all of them, in one practice.
CREATE FUNCTION names_beginning(practice_id uuid, beginnings text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (
  SELECT string_agg('''' || replace(replace(practice_id::text || '/' || folded(beginning), '\', '\\'), '''', '''''') || ''':*', ' & ')::tsquery
  FROM unnest(beginnings) AS beginning
  WHERE folded(beginning) <> ''
);
--> statement-breakpoint
DROP INDEX "patients_last_name";--> statement-breakpoint
DROP INDEX "patients_first_name";--> statement-breakpoint
ALTER TABLE "treatment_plans" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "patients" ADD COLUMN "name_words" "tsvector" GENERATED ALWAYS AS (name_words("practice_id", "first_name", "last_name_prefix", "last_name")) STORED;--> statement-breakpoint
CREATE INDEX "patients_name_words" ON "patients" USING gin ("name_words") WITH (fastupdate=false);