-- Row-level security, the second wall between practices (drizzle/wall.ts). Who acts as nextvisit_practice sees and writes rows of the
-- practice in app.practice and no others; without a practice, none. For everybody else nothing changes: this role owns nothing, and
-- the policy that lets rows through concerns all. Gives up instead of standing in the way of the previous version's processes.
SET LOCAL lock_timeout = '500ms';
--> statement-breakpoint
-- All at once, so that it is soon known whether it can be done now.
DO $$ BEGIN
  EXECUTE (SELECT 'LOCK TABLE ' || string_agg(oid::regclass::text, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r');
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nextvisit_practice') THEN
    BEGIN
      CREATE ROLE nextvisit_practice NOLOGIN;
    EXCEPTION
      -- Another database of the same server was quicker.
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role nextvisit_practice is missing, and % may not create roles.', current_user
          USING HINT = format('Let somebody who may run: CREATE ROLE nextvisit_practice NOLOGIN; GRANT nextvisit_practice TO %I WITH INHERIT FALSE, SET TRUE;', current_user);
    END;
  END IF;
  IF NOT pg_has_role(current_user, 'nextvisit_practice', 'SET') THEN
    EXECUTE format('GRANT nextvisit_practice TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO nextvisit_practice;
--> statement-breakpoint
-- The practice for which the statements of a connection, or of a transaction, are made.
CREATE FUNCTION practice_now() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.practice', true), '')::uuid $$;
--> statement-breakpoint
-- Puts a table behind the wall. A table for which no migration calls this is not there for a practice at all.
CREATE PROCEDURE put_behind_wall(which regclass, condition text DEFAULT 'practice_id = (SELECT practice_now())') LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO nextvisit_practice', which);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', which);
  EXECUTE format('CREATE POLICY everybody ON %s USING (true)', which);
  EXECUTE format('CREATE POLICY practice ON %s AS RESTRICTIVE TO nextvisit_practice USING (%s)', which, condition);
END $$;
--> statement-breakpoint
DO $$
DECLARE
  which regclass;
BEGIN
  FOR which IN
    SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
  LOOP
    CALL put_behind_wall(which);
  END LOOP;
  CALL put_behind_wall('practices', 'id = (SELECT practice_now())');
  -- Whose user or message is seen is seen, too.
  CALL put_behind_wall('sessions', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)');
  CALL put_behind_wall('demo_inbox', 'EXISTS (SELECT FROM messages m WHERE m.id = demo_inbox.id)');
END $$;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nextvisit_practice;
--> statement-breakpoint
-- A patient comes with nothing but a link: its practice, by the token's hash.
CREATE FUNCTION practice_of_link(hash text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ BEGIN RETURN (SELECT practice_id FROM booking_links WHERE token_hash = hash); END $$;
--> statement-breakpoint
-- No two users anywhere share an address: whether somebody else, of whichever practice, signs in with it.
CREATE FUNCTION signs_in_with(address text, but uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ BEGIN RETURN EXISTS (SELECT FROM users WHERE lower(email) = lower(address) AND id IS DISTINCT FROM but); END $$;
--> statement-breakpoint
-- Behind the wall an index serves comparisons that can tell nothing of rows not let through; those of words and of ranges might. So
-- they are made here. Ids only, of the practice at hand; who reads the rows does so through the wall.
CREATE FUNCTION patients_named(of_practice uuid, beginnings text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ BEGIN
  RETURN ARRAY(SELECT id FROM patients
    WHERE practice_id = of_practice AND practice_id = coalesce(practice_now(), practice_id) AND name_words @@ names_beginning(of_practice, beginnings));
END $$;
--> statement-breakpoint
CREATE FUNCTION entries_during(wanted tstzrange) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ BEGIN
  RETURN ARRAY(SELECT id FROM book_entries WHERE living AND during && wanted AND practice_id = coalesce(practice_now(), practice_id));
END $$;
--> statement-breakpoint
-- A practice that brought its past along has next to no entries that were planned: without the others in it, this index says so.
DROP INDEX "book_entries_one_living";
--> statement-breakpoint
CREATE UNIQUE INDEX "book_entries_one_living" ON "book_entries" USING btree ("planned_appointment_id") WHERE "book_entries"."planned_appointment_id" is not null and "book_entries"."kind" = 'appointment' and "book_entries"."status" not in ('cancelled', 'did_not_attend');
--> statement-breakpoint
-- What follows from a row that was let through needs no wall, and uses indexes that it would forbid.
ALTER FUNCTION write_busy_days_of_new_entries() SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
ALTER FUNCTION write_busy_days_of_changed_entry() SECURITY DEFINER SET search_path = public, pg_temp;
