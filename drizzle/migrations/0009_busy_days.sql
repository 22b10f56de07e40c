CREATE TABLE "busy_days" (
	"practice_id" uuid NOT NULL,
	"place_id" uuid NOT NULL,
	"day" date NOT NULL,
	"mark" bigserial NOT NULL,
	"busy" text,
	CONSTRAINT "busy_days_place_id_day_mark_pk" PRIMARY KEY("place_id","day","mark")
);
--> statement-breakpoint
ALTER TABLE "busy_days" ADD CONSTRAINT "busy_days_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "busy_days_marked" ON "busy_days" USING btree ("place_id","day") WHERE "busy_days"."mark" > 0;
--> statement-breakpoint
-- The places and days whose busy times an entry is part of: its provider's, and its location's where it takes a chair or closes all of it.
CREATE FUNCTION busy_places(location_id uuid, provider_id uuid, chair_id uuid, starts_at timestamptz, ends_at timestamptz)
RETURNS TABLE (place_id uuid, day date) LANGUAGE sql IMMUTABLE AS $$
  SELECT place.id, (starts_at AT TIME ZONE 'UTC')::date + later
  FROM (VALUES (provider_id), (CASE WHEN chair_id IS NOT NULL OR provider_id IS NULL THEN location_id END)) AS place (id)
  CROSS JOIN generate_series(0, ((ends_at - interval '1 millisecond') AT TIME ZONE 'UTC')::date - (starts_at AT TIME ZONE 'UTC')::date) AS later
  WHERE place.id IS NOT NULL
$$;
--> statement-breakpoint
-- A place's day as it stands: the day's number since 1970; for each provider, chair or location that has something its id, "=",
-- and from when until when, in minutes of the day in UTC, what touches joined; for each hold its provider or chair, "?", from
-- when until when, until when it is held in epoch milliseconds, and its booking.
-- Appointments and holds are shorter than a day; blocks may have begun a month before.
CREATE FUNCTION busy_day(place uuid, of_day date) RETURNS text LANGUAGE sql STABLE
SET plan_cache_mode = 'force_generic_plan' AS $$
  SELECT of_day - date '1970-01-01' || string_agg(busy, '' ORDER BY busy COLLATE "C")
  FROM (
    SELECT concat(
      ' ' || id || '=' || translate(range_agg(int4range(from_minute, until_minute)) FILTER (WHERE status <> 'held')::text, '{[)}', ''),
      string_agg(' ' || id || '?' || concat_ws(',', from_minute, until_minute, floor(date_part('epoch', held_until) * 1000)::bigint, booking_id), '')
        FILTER (WHERE status = 'held')) AS busy
    FROM (
      SELECT id, status, held_until, booking_id,
        greatest(floor(date_part('epoch', starts_at) / 60)::int - (of_day - date '1970-01-01') * 1440, 0) AS from_minute,
        least(ceil(date_part('epoch', ends_at) / 60)::int - (of_day - date '1970-01-01') * 1440, 1440) AS until_minute
      FROM (
        SELECT provider_id AS id, starts_at, ends_at, status, held_until, booking_id FROM book_entries
        WHERE provider_id = place AND kind <> 'block' AND status NOT IN ('cancelled', 'released', 'lapsed')
          AND starts_at > (of_day - 1)::timestamp AT TIME ZONE 'UTC' AND starts_at < (of_day + 1)::timestamp AT TIME ZONE 'UTC'
        UNION ALL
        SELECT provider_id, starts_at, ends_at, status, held_until, booking_id FROM book_entries
        WHERE provider_id = place AND kind = 'block' AND status <> 'cancelled'
          AND starts_at > (of_day - 32)::timestamp AT TIME ZONE 'UTC' AND starts_at < (of_day + 1)::timestamp AT TIME ZONE 'UTC'
        UNION ALL
        SELECT chair_id, starts_at, ends_at, status, held_until, booking_id FROM book_entries
        WHERE location_id = place AND kind <> 'block' AND status NOT IN ('cancelled', 'released', 'lapsed')
          AND starts_at > (of_day - 1)::timestamp AT TIME ZONE 'UTC' AND starts_at < (of_day + 1)::timestamp AT TIME ZONE 'UTC'
        UNION ALL
        SELECT coalesce(chair_id, location_id), starts_at, ends_at, status, held_until, booking_id FROM book_entries
        WHERE location_id = place AND kind = 'block' AND status <> 'cancelled' AND (chair_id IS NOT NULL OR provider_id IS NULL)
          AND starts_at > (of_day - 32)::timestamp AT TIME ZONE 'UTC' AND starts_at < (of_day + 1)::timestamp AT TIME ZONE 'UTC') AS entry
      WHERE ends_at > of_day::timestamp AT TIME ZONE 'UTC') AS timed
    GROUP BY id) AS written
$$;
--> statement-breakpoint
-- Writes days out anew that have changed. Nobody waits here for anybody, so that no ring of waiting can come about: who has a day
-- to himself (until his transaction ends) writes it; who has not leaves a mark, and the day is read from the entries until
-- somebody writes it again. What a writer cannot see yet has its mark: either its own transaction asks for the day later and
-- gets it, or it has asked in vain. Many days at once have the table to themselves: one lock in place of thousands.
-- Planned once: a plan for these very days would cost more than reading them.
CREATE FUNCTION write_busy_days(practice_ids uuid[], place_ids uuid[], days date[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = 'force_generic_plan' SET enable_seqscan = off AS $$
DECLARE
  few CONSTANT boolean := cardinality(days) <= 200;
  free boolean;
  owned boolean[];
BEGIN
  IF few THEN free := pg_try_advisory_xact_lock_shared(hashtextextended('busy_days', 0));
  ELSE free := pg_try_advisory_xact_lock(hashtextextended('busy_days', 0));
  END IF;
  owned := ARRAY(
    SELECT CASE WHEN free AND few THEN pg_try_advisory_xact_lock(hashtextextended(place_id::text || day, 0)) ELSE free END
    FROM unnest(place_ids, days) WITH ORDINALITY AS changed (place_id, day, position) ORDER BY position);
  -- Statements of their own, one after another: each sees what others have committed until then.
  IF EXISTS (SELECT FROM busy_days WHERE place_id = ANY (place_ids) AND day = ANY (days) AND mark > 0) THEN
    DELETE FROM busy_days b USING unnest(place_ids, days, owned) AS changed (place_id, day, own)
    WHERE own AND b.place_id = changed.place_id AND b.day = changed.day AND b.mark > 0;
  END IF;
  INSERT INTO busy_days (practice_id, place_id, day, mark, busy)
  SELECT practice_id, place_id, day, 0, busy_day(place_id, day)
  FROM unnest(practice_ids, place_ids, days, owned) AS changed (practice_id, place_id, day, own) WHERE own
  ON CONFLICT (place_id, day, mark) DO UPDATE SET busy = excluded.busy;
  IF NOT true = ALL (owned) THEN
    INSERT INTO busy_days (practice_id, place_id, day, busy)
    SELECT practice_id, place_id, day, '!'
    FROM unnest(practice_ids, place_ids, days, owned) AS changed (practice_id, place_id, day, own) WHERE NOT own;
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION write_busy_days_of_new_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  practice_ids uuid[];
  place_ids uuid[];
  days date[];
BEGIN
  -- Who has lost a race inserts nothing.
  IF NOT EXISTS (SELECT FROM new_entries) THEN RETURN NULL; END IF;
  SELECT array_agg(practice_id), array_agg(place_id), array_agg(day) INTO practice_ids, place_ids, days
  FROM (
    SELECT DISTINCT e.practice_id, place.place_id, place.day
    FROM new_entries e CROSS JOIN busy_places(e.location_id, e.provider_id, e.chair_id, e.starts_at, e.ends_at) AS place
    WHERE e.living) AS changed;
  IF days IS NOT NULL THEN PERFORM write_busy_days(practice_ids, place_ids, days); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION write_busy_days_of_changed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  practice_ids uuid[];
  place_ids uuid[];
  days date[];
BEGIN
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
--> statement-breakpoint
CREATE TRIGGER book_entries_new_busy AFTER INSERT ON "book_entries" REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION write_busy_days_of_new_entries();
--> statement-breakpoint
CREATE TRIGGER book_entries_gone_busy AFTER DELETE ON "book_entries"
  FOR EACH ROW WHEN (OLD.living) EXECUTE FUNCTION write_busy_days_of_changed_entry();
--> statement-breakpoint
CREATE TRIGGER book_entries_changed_busy AFTER UPDATE ON "book_entries"
  FOR EACH ROW WHEN (
    OLD.living IS DISTINCT FROM NEW.living
    OR (OLD.location_id, OLD.provider_id, OLD.chair_id, OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.location_id, NEW.provider_id, NEW.chair_id, NEW.starts_at, NEW.ends_at)
    OR (OLD.status = 'held') <> (NEW.status = 'held')
    OR (NEW.status = 'held' AND (OLD.held_until, OLD.booking_id) IS DISTINCT FROM (NEW.held_until, NEW.booking_id)))
  EXECUTE FUNCTION write_busy_days_of_changed_entry();
--> statement-breakpoint
INSERT INTO busy_days (practice_id, place_id, day, mark, busy)
SELECT practice_id, place_id, day, 0, busy_day(place_id, day)
FROM (
  SELECT DISTINCT e.practice_id, place.place_id, place.day
  FROM book_entries e CROSS JOIN busy_places(e.location_id, e.provider_id, e.chair_id, e.starts_at, e.ends_at) AS place
  WHERE e.living) AS kept;
