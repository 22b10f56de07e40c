CREATE TYPE "public"."block_reason" AS ENUM('closure', 'absence', 'emergency', 'other');--> statement-breakpoint
CREATE TYPE "public"."entry_kind" AS ENUM('appointment', 'hold', 'block');--> statement-breakpoint
CREATE TYPE "public"."entry_status" AS ENUM('booked', 'arrived', 'in_chair', 'departed', 'did_not_attend', 'cancelled', 'held', 'confirmed', 'released', 'lapsed');--> statement-breakpoint
CREATE TYPE "public"."made_by" AS ENUM('desk', 'online');--> statement-breakpoint
CREATE TYPE "public"."booking_state" AS ENUM('departing', 'link_sent', 'confirmed', 'booked_online', 'booked_at_desk', 'postponed', 'unbooked', 'expired', 'withdrawn', 'undone');--> statement-breakpoint
CREATE TYPE "public"."link_purpose" AS ENUM('choose', 'appointment');--> statement-breakpoint
CREATE TYPE "public"."departure_task_outcome" AS ENUM('link_sent', 'booked_at_desk', 'postponed', 'unbooked', 'withdrawn', 'undone');--> statement-breakpoint
CREATE TYPE "public"."follow_up_category" AS ENUM('olb_link_sent', 'olb_link_expired', 'unbooked', 'postponed', 'not_delivered', 'call_requested', 'cancelled_online', 'wrong_contact');--> statement-breakpoint
CREATE TYPE "public"."message_channel" AS ENUM('sms', 'email');--> statement-breakpoint
CREATE TYPE "public"."message_kind" AS ENUM('link', 'reminder', 'confirmation');--> statement-breakpoint
CREATE TYPE "public"."message_state" AS ENUM('waiting', 'sending', 'sent', 'delivered', 'failed', 'uncertain', 'dropped');--> statement-breakpoint
CREATE TYPE "public"."contact_owner" AS ENUM('patient', 'parent', 'carer');--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('provider', 'receptionist', 'manager');--> statement-breakpoint
CREATE TYPE "public"."language" AS ENUM('en', 'nl');--> statement-breakpoint
CREATE TYPE "public"."audit_actor" AS ENUM('staff', 'patient', 'system');--> statement-breakpoint
CREATE TYPE "public"."usage_kind" AS ENUM('planned_treatment_booking');--> statement-breakpoint
CREATE TABLE "book_entries" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"kind" "entry_kind" NOT NULL,
	"status" "entry_status" NOT NULL,
	"provider_id" uuid,
	"chair_id" uuid,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"during" "tstzrange" GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED NOT NULL,
	"living" boolean GENERATED ALWAYS AS (status not in ('cancelled', 'released', 'lapsed')) STORED NOT NULL,
	"overlap_allowed" boolean DEFAULT false NOT NULL,
	"patient_id" uuid,
	"booking_id" uuid,
	"planned_appointment_id" uuid,
	"departure_id" uuid,
	"made_by" "made_by" DEFAULT 'desk' NOT NULL,
	"block_reason" "block_reason",
	"description" text DEFAULT '' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"held_until" timestamp (3) with time zone,
	"times_extended" integer DEFAULT 0 NOT NULL,
	"requirement_version" integer,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "book_entries_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "book_entries_times" CHECK ("book_entries"."starts_at" < "book_entries"."ends_at" and "book_entries"."ends_at" - "book_entries"."starts_at" <= interval '31 days'),
	CONSTRAINT "book_entries_appointment" CHECK ("book_entries"."kind" = 'block' or ("book_entries"."provider_id" is not null and "book_entries"."chair_id" is not null and "book_entries"."patient_id" is not null)),
	CONSTRAINT "book_entries_hold" CHECK ("book_entries"."kind" <> 'hold' or ("book_entries"."booking_id" is not null and ("book_entries"."status" <> 'held' or "book_entries"."held_until" is not null)))
);
--> statement-breakpoint
CREATE TABLE "booking_links" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"purpose" "link_purpose" DEFAULT 'choose' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"key_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"replaced_at" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "booking_links_tokenHash_unique" UNIQUE("token_hash"),
	CONSTRAINT "booking_links_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "booking_links_bookingId_purpose_version_unique" UNIQUE("booking_id","purpose","version")
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"planned_appointment_id" uuid NOT NULL,
	"departure_id" uuid,
	"location_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"state" "booking_state" NOT NULL,
	"visit_day" date NOT NULL,
	"departure_ends_at" timestamp (3) with time zone NOT NULL,
	"link_sent_at" timestamp (3) with time zone,
	"link_expires_at" timestamp (3) with time zone,
	"reminder_times" timestamp (3) with time zone[] DEFAULT '{}' NOT NULL,
	"requirement_version" integer NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "bookings_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "bookings_plannedAppointmentId_number_unique" UNIQUE("planned_appointment_id","number")
);
--> statement-breakpoint
CREATE TABLE "planned_appointments" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"treatment_plan_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"provider_id" uuid,
	"description" text DEFAULT '' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"interval_days" integer,
	"to_be_booked" boolean DEFAULT false NOT NULL,
	"expected_minutes_override" integer,
	"requirement_version" integer DEFAULT 1 NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "planned_appointments_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "planned_appointments_interval" CHECK ("planned_appointments"."interval_days" in (1, 2, 3, 4, 5, 6, 7, 14, 21, 28)),
	CONSTRAINT "planned_appointments_expected_time" CHECK ("planned_appointments"."expected_minutes_override" between 0 and 480)
);
--> statement-breakpoint
CREATE TABLE "planned_services" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"planned_appointment_id" uuid NOT NULL,
	"service_id" uuid NOT NULL,
	"tooth" text DEFAULT '' NOT NULL,
	"estimated_minutes" integer NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "planned_services_estimated_time" CHECK ("planned_services"."estimated_minutes" between 0 and 480)
);
--> statement-breakpoint
CREATE TABLE "treatment_plans" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "treatment_plans_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "departures" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"day" date NOT NULL,
	"departed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"departed_by" uuid NOT NULL,
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "departures_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "departure_tasks" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"departure_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"opened_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"guarded_at" timestamp (3) with time zone,
	"taken_by" uuid,
	"taken_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"outcome" "departure_task_outcome",
	CONSTRAINT "departure_tasks_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "follow_ups" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"planned_appointment_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"category" "follow_up_category" NOT NULL,
	"due_on" date,
	"note" text DEFAULT '' NOT NULL,
	"opened_by" uuid,
	"opened_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" uuid,
	"closed_reason" text,
	CONSTRAINT "follow_ups_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "demo_inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" "message_channel" NOT NULL,
	"recipient" text NOT NULL,
	"sender" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"html" text,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"kind" "message_kind" NOT NULL,
	"channel" "message_channel" NOT NULL,
	"number" integer DEFAULT 1 NOT NULL,
	"link_id" uuid,
	"language" "language" NOT NULL,
	"recipient" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"html" text,
	"attachments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" "message_state" DEFAULT 'waiting' NOT NULL,
	"not_after" timestamp (3) with time zone,
	"attempt_started_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"carrier_id" text,
	"reason" text,
	"sent_by" uuid,
	"sent_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "messages_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "messages_bookingId_kind_channel_number_unique" UNIQUE("booking_id","kind","channel","number")
);
--> statement-breakpoint
CREATE TABLE "workflow_messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"practice_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"parked_at" timestamp (3) with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "patients" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"first_name" text NOT NULL,
	"last_name_prefix" text DEFAULT '' NOT NULL,
	"last_name" text NOT NULL,
	"birth_date" date NOT NULL,
	"email" text,
	"mobile" text,
	"contact_owner" "contact_owner" DEFAULT 'patient' NOT NULL,
	"language" "language",
	"provider_id" uuid,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "patients_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "patients_practiceId_number_unique" UNIQUE("practice_id","number")
);
--> statement-breakpoint
CREATE TABLE "provider_online_booking" (
	"provider_id" uuid PRIMARY KEY NOT NULL,
	"practice_id" uuid NOT NULL,
	"bookable" boolean DEFAULT false NOT NULL,
	"days_ahead" integer DEFAULT 90 NOT NULL,
	"earliest_notice_minutes" integer DEFAULT 240 NOT NULL,
	CONSTRAINT "provider_online_booking_limits" CHECK ("provider_online_booking"."days_ahead" between 1 and 365 and "provider_online_booking"."earliest_notice_minutes" between 0 and 20160)
);
--> statement-breakpoint
CREATE TABLE "provider_online_chairs" (
	"provider_id" uuid NOT NULL,
	"chair_id" uuid NOT NULL,
	"practice_id" uuid NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "provider_online_chairs_provider_id_chair_id_pk" PRIMARY KEY("provider_id","chair_id")
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"colour" integer DEFAULT 1 NOT NULL,
	"picture" "bytea",
	"picture_type" text,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "providers_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "providers_colour" CHECK ("providers"."colour" between 1 and 8)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"data" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" "role" NOT NULL,
	"password_hash" text NOT NULL,
	"language" "language" DEFAULT 'en' NOT NULL,
	"provider_id" uuid,
	"location_id" uuid,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "users_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "working_hours" (
	"practice_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"weekday" integer NOT NULL,
	"from_minute" integer NOT NULL,
	"until_minute" integer NOT NULL,
	CONSTRAINT "working_hours_provider_id_location_id_weekday_from_minute_pk" PRIMARY KEY("provider_id","location_id","weekday","from_minute"),
	CONSTRAINT "working_hours_times" CHECK ("working_hours"."weekday" between 1 and 7 and "working_hours"."from_minute" >= 0 and "working_hours"."from_minute" < "working_hours"."until_minute" and "working_hours"."until_minute" <= 1440)
);
--> statement-breakpoint
CREATE TABLE "chairs" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"name" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "chairs_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "locations" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"name" text NOT NULL,
	"street" text NOT NULL,
	"postal_code" text NOT NULL,
	"city" text NOT NULL,
	"phone" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "locations_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "opening_hours" (
	"practice_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"weekday" integer NOT NULL,
	"from_minute" integer NOT NULL,
	"until_minute" integer NOT NULL,
	CONSTRAINT "opening_hours_location_id_weekday_from_minute_pk" PRIMARY KEY("location_id","weekday","from_minute"),
	CONSTRAINT "opening_hours_times" CHECK ("opening_hours"."weekday" between 1 and 7 and "opening_hours"."from_minute" >= 0 and "opening_hours"."from_minute" < "opening_hours"."until_minute" and "opening_hours"."until_minute" <= 1440)
);
--> statement-breakpoint
CREATE TABLE "practices" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"name" text NOT NULL,
	"short_name" text NOT NULL,
	"phone" text NOT NULL,
	"email" text,
	"time_zone" text NOT NULL,
	"language" "language" DEFAULT 'en' NOT NULL,
	"appointment_workflow" boolean DEFAULT true NOT NULL,
	"online_appointments_tab" boolean DEFAULT true NOT NULL,
	"default_interval_days" integer DEFAULT 1 NOT NULL,
	"link_validity_days" integer DEFAULT 14 NOT NULL,
	"reminder_days" integer[] DEFAULT '{3,8}' NOT NULL,
	"reminder_minute" integer DEFAULT 600 NOT NULL,
	"hold_minutes" integer DEFAULT 10 NOT NULL,
	"quiet_from_minute" integer DEFAULT 1200 NOT NULL,
	"quiet_until_minute" integer DEFAULT 480 NOT NULL,
	"sms_sender" text,
	"email_sender_name" text NOT NULL,
	"shortest_useful_minutes" integer DEFAULT 15 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "practices_interval" CHECK ("practices"."default_interval_days" in (1, 2, 3, 4, 5, 6, 7, 14, 21, 28)),
	CONSTRAINT "practices_validity" CHECK ("practices"."link_validity_days" between 1 and 90),
	CONSTRAINT "practices_hold" CHECK ("practices"."hold_minutes" between 2 and 60),
	CONSTRAINT "practices_quiet" CHECK ("practices"."quiet_from_minute" between 0 and 1439 and "practices"."quiet_until_minute" between 0 and 1439),
	CONSTRAINT "practices_reminder_minute" CHECK ("practices"."reminder_minute" between 0 and 1439)
);
--> statement-breakpoint
CREATE TABLE "services" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name_en" text NOT NULL,
	"name_nl" text NOT NULL,
	"estimated_minutes" integer NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "services_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "services_practiceId_code_unique" UNIQUE("practice_id","code"),
	CONSTRAINT "services_estimated_time" CHECK ("services"."estimated_minutes" between 0 and 480)
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"actor" "audit_actor" NOT NULL,
	"user_id" uuid,
	"action" text NOT NULL,
	"patient_id" uuid,
	"booking_id" uuid,
	"entry_id" uuid,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"kind" "usage_kind" NOT NULL,
	"appointment_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"occurred_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "usage_events_kind_appointmentId_unique" UNIQUE("kind","appointment_id")
);
--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_chair_id_chairs_practice_id_id_fk" FOREIGN KEY ("practice_id","chair_id") REFERENCES "public"."chairs"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_planned_appointment_id_planned_appointments_practice_id_id_fk" FOREIGN KEY ("practice_id","planned_appointment_id") REFERENCES "public"."planned_appointments"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_practice_id_departure_id_departures_practice_id_id_fk" FOREIGN KEY ("practice_id","departure_id") REFERENCES "public"."departures"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "booking_links" ADD CONSTRAINT "booking_links_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_practice_id_planned_appointment_id_planned_appointments_practice_id_id_fk" FOREIGN KEY ("practice_id","planned_appointment_id") REFERENCES "public"."planned_appointments"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_practice_id_departure_id_departures_practice_id_id_fk" FOREIGN KEY ("practice_id","departure_id") REFERENCES "public"."departures"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_appointments" ADD CONSTRAINT "planned_appointments_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_appointments" ADD CONSTRAINT "planned_appointments_practice_id_treatment_plan_id_treatment_plans_practice_id_id_fk" FOREIGN KEY ("practice_id","treatment_plan_id") REFERENCES "public"."treatment_plans"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_appointments" ADD CONSTRAINT "planned_appointments_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_services" ADD CONSTRAINT "planned_services_practice_id_planned_appointment_id_planned_appointments_practice_id_id_fk" FOREIGN KEY ("practice_id","planned_appointment_id") REFERENCES "public"."planned_appointments"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_services" ADD CONSTRAINT "planned_services_practice_id_service_id_services_practice_id_id_fk" FOREIGN KEY ("practice_id","service_id") REFERENCES "public"."services"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "treatment_plans" ADD CONSTRAINT "treatment_plans_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departures" ADD CONSTRAINT "departures_practice_id_departed_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","departed_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departure_tasks" ADD CONSTRAINT "departure_tasks_practice_id_departure_id_departures_practice_id_id_fk" FOREIGN KEY ("practice_id","departure_id") REFERENCES "public"."departures"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departure_tasks" ADD CONSTRAINT "departure_tasks_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departure_tasks" ADD CONSTRAINT "departure_tasks_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "departure_tasks" ADD CONSTRAINT "departure_tasks_practice_id_taken_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","taken_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow_ups" ADD CONSTRAINT "follow_ups_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow_ups" ADD CONSTRAINT "follow_ups_practice_id_planned_appointment_id_planned_appointments_practice_id_id_fk" FOREIGN KEY ("practice_id","planned_appointment_id") REFERENCES "public"."planned_appointments"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow_ups" ADD CONSTRAINT "follow_ups_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow_ups" ADD CONSTRAINT "follow_ups_practice_id_opened_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","opened_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow_ups" ADD CONSTRAINT "follow_ups_practice_id_closed_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","closed_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_practice_id_link_id_booking_links_practice_id_id_fk" FOREIGN KEY ("practice_id","link_id") REFERENCES "public"."booking_links"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_practice_id_sent_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","sent_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_messages" ADD CONSTRAINT "workflow_messages_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_messages" ADD CONSTRAINT "workflow_messages_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patients" ADD CONSTRAINT "patients_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patients" ADD CONSTRAINT "patients_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_online_booking" ADD CONSTRAINT "provider_online_booking_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_online_chairs" ADD CONSTRAINT "provider_online_chairs_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_online_chairs" ADD CONSTRAINT "provider_online_chairs_practice_id_chair_id_chairs_practice_id_id_fk" FOREIGN KEY ("practice_id","chair_id") REFERENCES "public"."chairs"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "providers" ADD CONSTRAINT "providers_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "working_hours" ADD CONSTRAINT "working_hours_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "working_hours" ADD CONSTRAINT "working_hours_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chairs" ADD CONSTRAINT "chairs_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "locations" ADD CONSTRAINT "locations_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_hours" ADD CONSTRAINT "opening_hours_practice_id_location_id_locations_practice_id_id_fk" FOREIGN KEY ("practice_id","location_id") REFERENCES "public"."locations"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_practice_id_appointment_id_book_entries_practice_id_id_fk" FOREIGN KEY ("practice_id","appointment_id") REFERENCES "public"."book_entries"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_practice_id_provider_id_providers_practice_id_id_fk" FOREIGN KEY ("practice_id","provider_id") REFERENCES "public"."providers"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "book_entries_one_hold" ON "book_entries" USING btree ("booking_id") WHERE "book_entries"."kind" = 'hold' and "book_entries"."status" in ('held', 'confirmed');--> statement-breakpoint
CREATE UNIQUE INDEX "book_entries_one_living" ON "book_entries" USING btree ("planned_appointment_id") WHERE "book_entries"."kind" = 'appointment' and "book_entries"."status" not in ('cancelled', 'did_not_attend');--> statement-breakpoint
CREATE INDEX "book_entries_location_day" ON "book_entries" USING btree ("location_id","starts_at") WHERE "book_entries"."status" not in ('cancelled', 'released', 'lapsed');--> statement-breakpoint
CREATE INDEX "book_entries_provider_day" ON "book_entries" USING btree ("provider_id","starts_at") WHERE "book_entries"."status" not in ('cancelled', 'released', 'lapsed');--> statement-breakpoint
CREATE INDEX "book_entries_chair_day" ON "book_entries" USING btree ("chair_id","starts_at") WHERE "book_entries"."status" not in ('cancelled', 'released', 'lapsed');--> statement-breakpoint
CREATE INDEX "book_entries_patient" ON "book_entries" USING btree ("patient_id","starts_at");--> statement-breakpoint
CREATE INDEX "book_entries_online" ON "book_entries" USING btree ("practice_id","created_at") WHERE "book_entries"."made_by" = 'online' and "book_entries"."kind" = 'appointment';--> statement-breakpoint
CREATE UNIQUE INDEX "bookings_one_open" ON "bookings" USING btree ("planned_appointment_id") WHERE "bookings"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "bookings_open" ON "bookings" USING btree ("practice_id") WHERE "bookings"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "bookings_unsettled" ON "bookings" USING btree ("id") WHERE "bookings"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "bookings_patient_id_index" ON "bookings" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "bookings_departure_id_index" ON "bookings" USING btree ("departure_id");--> statement-breakpoint
CREATE INDEX "planned_appointments_treatment_plan_id_position_index" ON "planned_appointments" USING btree ("treatment_plan_id","position");--> statement-breakpoint
CREATE INDEX "planned_appointments_patient_id_index" ON "planned_appointments" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "planned_services_planned_appointment_id_index" ON "planned_services" USING btree ("planned_appointment_id");--> statement-breakpoint
CREATE INDEX "treatment_plans_patient_id_index" ON "treatment_plans" USING btree ("patient_id");--> statement-breakpoint
CREATE UNIQUE INDEX "departures_one_a_day" ON "departures" USING btree ("patient_id","day") WHERE "departures"."undone_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "departure_tasks_one_a_booking" ON "departure_tasks" USING btree ("booking_id");--> statement-breakpoint
CREATE INDEX "departure_tasks_open" ON "departure_tasks" USING btree ("practice_id","location_id") WHERE "departure_tasks"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "departure_tasks_departure_id_index" ON "departure_tasks" USING btree ("departure_id");--> statement-breakpoint
CREATE UNIQUE INDEX "follow_ups_one_open" ON "follow_ups" USING btree ("planned_appointment_id") WHERE "follow_ups"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "follow_ups_open" ON "follow_ups" USING btree ("practice_id","category") WHERE "follow_ups"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "follow_ups_patient_id_index" ON "follow_ups" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "follow_ups_booking_id_index" ON "follow_ups" USING btree ("booking_id");--> statement-breakpoint
CREATE INDEX "messages_patient_id_index" ON "messages" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "workflow_messages_waiting" ON "workflow_messages" USING btree ("id") WHERE "workflow_messages"."sent_at" is null and "workflow_messages"."parked_at" is null;--> statement-breakpoint
CREATE INDEX "workflow_messages_parked" ON "workflow_messages" USING btree ("booking_id") WHERE "workflow_messages"."parked_at" is not null;--> statement-breakpoint
CREATE INDEX "patients_last_name" ON "patients" USING btree ("practice_id",lower("last_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "patients_first_name" ON "patients" USING btree ("practice_id",lower("first_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "patients_birth_date" ON "patients" USING btree ("practice_id","birth_date");--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_index" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "chairs_location_id_index" ON "chairs" USING btree ("location_id");--> statement-breakpoint
CREATE INDEX "audit_entries_patient_id_at_index" ON "audit_entries" USING btree ("patient_id","at");--> statement-breakpoint
CREATE INDEX "audit_entries_practice_id_at_index" ON "audit_entries" USING btree ("practice_id","at");--> statement-breakpoint
CREATE INDEX "usage_events_practice_id_occurred_at_index" ON "usage_events" USING btree ("practice_id","occurred_at");