-- How one entry stands in a day written out by busy_day(), without its place: nothing when it takes no time, "=" with its minutes,
-- or "?" with its minutes, until when it is held and its booking.
CREATE FUNCTION busy_word(entry book_entries) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  midnight CONSTANT int := floor(date_part('epoch', entry.starts_at) / 86400)::int * 1440;
  minutes CONSTANT text := floor(date_part('epoch', entry.starts_at) / 60)::int - midnight || ',' || ceil(date_part('epoch', entry.ends_at) / 60)::int - midnight;
BEGIN
  RETURN CASE
    WHEN NOT entry.living THEN NULL
    WHEN entry.status = 'held' THEN '?' || concat_ws(',', minutes, floor(date_part('epoch', entry.held_until) * 1000)::bigint, entry.booking_id)
    ELSE '=' || minutes END;
END $$;
--> statement-breakpoint
-- What a day means, however it is worded: what touches joined, and all in order.
CREATE FUNCTION busy_meaning(busy text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT split_part(busy, ' ', 1) || string_agg(words, '' ORDER BY words COLLATE "C")
  FROM (
    SELECT ' ' || left(word, 37) || translate(range_agg(int4range(minutes[i]::int, minutes[i + 1]::int))::text, '{[)}', '') AS words
    FROM unnest(string_to_array(busy, ' ')) AS word
    CROSS JOIN string_to_array(substr(word, 38), ',') AS minutes
    CROSS JOIN generate_series(1, cardinality(minutes), 2) AS i
    WHERE substr(word, 37, 1) = '='
    GROUP BY left(word, 37)
    UNION ALL
    SELECT ' ' || word FROM unnest(string_to_array(busy, ' ')) AS word WHERE substr(word, 37, 1) = '?') AS meant
$$;
--> statement-breakpoint
-- A hold that is made, given back, prolonged or confirmed changes one word of its provider's day and of its location's, without
-- reading the other entries. Under the locks of write_busy_days(). Answers whether it was done; if not, the days are to be written anew.
CREATE FUNCTION reword_busy_days(was book_entries, "is" book_entries) RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = 'force_generic_plan' SET enable_seqscan = off AS $$
DECLARE
  this CONSTANT book_entries := coalesce("is", was);
  places CONSTANT uuid[] := ARRAY[this.provider_id, this.location_id];
  on_day CONSTANT date := (this.starts_at AT TIME ZONE 'UTC')::date;
  old_word CONSTANT text := busy_word(was);
  new_word CONSTANT text := busy_word("is");
  reworded int;
BEGIN
  IF this.provider_id IS NULL OR this.chair_id IS NULL OR old_word NOT LIKE '?%' OR coalesce(old_word, new_word) IS NULL
    OR ((this.ends_at - interval '1 millisecond') AT TIME ZONE 'UTC')::date <> on_day
  THEN RETURN false; END IF;
  IF NOT (pg_try_advisory_xact_lock_shared(hashtextextended('busy_days', 0))
    AND pg_try_advisory_xact_lock(hashtextextended(this.provider_id::text || on_day, 0))
    AND pg_try_advisory_xact_lock(hashtextextended(this.location_id::text || on_day, 0)))
  THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM busy_days WHERE place_id = ANY (places) AND day = on_day AND mark > 0) THEN RETURN false; END IF;
  UPDATE busy_days b SET busy = CASE
    WHEN old_word IS NULL THEN b.busy || ' ' || place.of_entry || new_word
    ELSE replace(b.busy, ' ' || place.of_entry || old_word, coalesce(' ' || place.of_entry || new_word, '')) END
  FROM (VALUES (this.provider_id, this.provider_id), (this.location_id, this.chair_id)) AS place (id, of_entry)
  WHERE b.place_id = place.id AND b.day = on_day AND b.mark = 0 AND b.busy IS NOT NULL
    AND (old_word IS NULL OR strpos(b.busy, place.of_entry || old_word) > 0);
  GET DIAGNOSTICS reworded = ROW_COUNT;
  RETURN reworded = 2;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION write_busy_days_of_new_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entries book_entries[];
  practice_ids uuid[];
  place_ids uuid[];
  days date[];
BEGIN
  entries := ARRAY(SELECT e FROM new_entries e LIMIT 2);
  -- Who has lost a race inserts nothing.
  IF cardinality(entries) = 0 THEN RETURN NULL; END IF;
  IF cardinality(entries) = 1 AND entries[1].status = 'held' AND reword_busy_days(NULL, entries[1]) THEN RETURN NULL; END IF;
  SELECT array_agg(practice_id), array_agg(place_id), array_agg(day) INTO practice_ids, place_ids, days
  FROM (
    SELECT DISTINCT e.practice_id, place.place_id, place.day
    FROM new_entries e CROSS JOIN busy_places(e.location_id, e.provider_id, e.chair_id, e.starts_at, e.ends_at) AS place
    WHERE e.living) AS changed;
  IF days IS NOT NULL THEN PERFORM write_busy_days(practice_ids, place_ids, days); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION write_busy_days_of_changed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  practice_ids uuid[];
  place_ids uuid[];
  days date[];
BEGIN
  IF OLD.status = 'held' AND (TG_OP = 'DELETE'
      OR (OLD.location_id, OLD.provider_id, OLD.chair_id, OLD.starts_at, OLD.ends_at) = (NEW.location_id, NEW.provider_id, NEW.chair_id, NEW.starts_at, NEW.ends_at))
    AND reword_busy_days(OLD, CASE WHEN TG_OP = 'UPDATE' THEN NEW END)
  THEN RETURN NULL; END IF;
  SELECT array_agg(practice_id), array_agg(place_id), array_agg(day) INTO practice_ids, place_ids, days
  FROM (
    SELECT OLD.practice_id, place_id, day
    FROM busy_places(OLD.location_id, OLD.provider_id, OLD.chair_id, OLD.starts_at, OLD.ends_at) WHERE OLD.living
    UNION
    SELECT NEW.practice_id, place_id, day
    FROM busy_places(NEW.location_id, NEW.provider_id, NEW.chair_id, NEW.starts_at, NEW.ends_at) WHERE NEW.living) AS changed;
  IF days IS NOT NULL THEN PERFORM write_busy_days(practice_ids, place_ids, days); END IF;
  RETURN NULL;
END $$;
