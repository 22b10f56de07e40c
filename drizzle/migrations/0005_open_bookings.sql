CREATE TABLE "attention_letters" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"day" date NOT NULL,
	"recipient" text NOT NULL,
	"language" "language" NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"carrier_id" text,
	"sent_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"reason" text,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "attention_letters_practiceId_userId_day_unique" UNIQUE("practice_id","user_id","day")
);
--> statement-breakpoint
CREATE TABLE "failing_steps" (
	"practice_id" uuid NOT NULL,
	"booking_id" uuid NOT NULL,
	"step" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"last_failed_at" timestamp (3) with time zone NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"reason" text NOT NULL,
	"code" text,
	CONSTRAINT "failing_steps_booking_id_step_subject_id_pk" PRIMARY KEY("booking_id","step","subject_id")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"build" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"swept_at" timestamp (3) with time zone,
	"sweep_started" integer
);
--> statement-breakpoint
DROP INDEX "bookings_open";--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "workflow_missing_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "attention_closed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workflow_messages" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "workflow_messages" ADD COLUMN "trace_parent" text;--> statement-breakpoint
ALTER TABLE "practices" ADD COLUMN "attention_email" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attention_letters" ADD CONSTRAINT "attention_letters_practice_id_user_id_users_practice_id_id_fk" FOREIGN KEY ("practice_id","user_id") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "failing_steps" ADD CONSTRAINT "failing_steps_practice_id_booking_id_bookings_practice_id_id_fk" FOREIGN KEY ("practice_id","booking_id") REFERENCES "public"."bookings"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "failing_steps_practice_id_index" ON "failing_steps" USING btree ("practice_id");--> statement-breakpoint
CREATE INDEX "bookings_unsettled_of_practice" ON "bookings" USING btree ("practice_id") WHERE "bookings"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "messages_uncertain" ON "messages" USING btree ("practice_id") WHERE "messages"."state" = 'uncertain';