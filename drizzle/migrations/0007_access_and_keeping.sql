CREATE TYPE "public"."access_act" AS ENUM('seen', 'done', 'refused');--> statement-breakpoint
CREATE TABLE "access_entries" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" "role" NOT NULL,
	"patient_id" uuid NOT NULL,
	"what" text NOT NULL,
	"act" "access_act" NOT NULL,
	"address" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "patients" ADD COLUMN "erasure_asked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "patients" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "practices" ADD COLUMN "record_years" integer DEFAULT 20 NOT NULL;--> statement-breakpoint
ALTER TABLE "practices" ADD COLUMN "message_months" integer DEFAULT 12 NOT NULL;--> statement-breakpoint
ALTER TABLE "access_entries" ADD CONSTRAINT "access_entries_practice_id_user_id_users_practice_id_id_fk" FOREIGN KEY ("practice_id","user_id") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_entries" ADD CONSTRAINT "access_entries_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_entries_patient_id_at_index" ON "access_entries" USING btree ("patient_id","at");--> statement-breakpoint
CREATE INDEX "access_entries_practice_id_at_index" ON "access_entries" USING btree ("practice_id","at");--> statement-breakpoint
CREATE INDEX "booking_links_tokens" ON "booking_links" USING btree ("created_at") WHERE "booking_links"."token_hash" not like 'gone:%';--> statement-breakpoint
CREATE INDEX "messages_texts" ON "messages" USING btree ("created_at") WHERE "messages"."body" <> '';--> statement-breakpoint
CREATE INDEX "patients_to_erase" ON "patients" USING btree ("id") WHERE "patients"."erasure_asked_at" is not null and "patients"."erased_at" is null;--> statement-breakpoint
ALTER TABLE "practices" ADD CONSTRAINT "practices_keeping" CHECK ("practices"."record_years" between 1 and 50 and "practices"."message_months" between 1 and 60);--> statement-breakpoint
CREATE FUNCTION access_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- Staatscourant 2019, 38007: at least five years from when the line was written.
    IF OLD.at < now() - interval '5 years' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the access log is only added to' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER access_entries_stay BEFORE UPDATE OR DELETE ON "access_entries" FOR EACH ROW EXECUTE FUNCTION access_entries_stay();
--> statement-breakpoint
CREATE TRIGGER access_entries_stay_all BEFORE TRUNCATE ON "access_entries" FOR EACH STATEMENT EXECUTE FUNCTION access_entries_stay();
