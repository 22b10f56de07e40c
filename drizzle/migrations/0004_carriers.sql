CREATE TABLE "carrier_events" (
	"carrier" text NOT NULL,
	"id" text NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "carrier_events_carrier_id_pk" PRIMARY KEY("carrier","id")
);
--> statement-breakpoint
CREATE TABLE "demo_carriers" (
	"channel" "message_channel" PRIMARY KEY NOT NULL,
	"mood" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbound_texts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"sender" text NOT NULL,
	"body" text NOT NULL,
	"carrier_id" text NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "inbound_texts_carrierId_unique" UNIQUE("carrier_id"),
	CONSTRAINT "inbound_texts_practiceId_id_unique" UNIQUE("practice_id","id")
);
--> statement-breakpoint
CREATE TABLE "opt_outs" (
	"practice_id" uuid NOT NULL,
	"channel" "message_channel" NOT NULL,
	"contact" text NOT NULL,
	"said" text NOT NULL,
	"since" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "opt_outs_practice_id_channel_contact_pk" PRIMARY KEY("practice_id","channel","contact")
);
--> statement-breakpoint
CREATE TABLE "send_rates" (
	"practice_id" uuid NOT NULL,
	"channel" "message_channel" NOT NULL,
	"taken_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "send_rates_practice_id_channel_pk" PRIMARY KEY("practice_id","channel")
);
--> statement-breakpoint
ALTER TABLE "demo_inbox" ADD COLUMN "mood" text DEFAULT 'well' NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sender_name" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "reply_to" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "uncertain_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "send_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "carrier_code" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "opened_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "ask_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "inbound_texts" ADD CONSTRAINT "inbound_texts_practice_id_patient_id_patients_practice_id_id_fk" FOREIGN KEY ("practice_id","patient_id") REFERENCES "public"."patients"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_outs" ADD CONSTRAINT "opt_outs_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_rates" ADD CONSTRAINT "send_rates_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "carrier_events_received_at_index" ON "carrier_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "inbound_texts_patient_id_index" ON "inbound_texts" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "messages_carrier" ON "messages" USING btree ("carrier_id") WHERE "messages"."carrier_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_to_ask" ON "messages" USING btree ("ask_at") WHERE "messages"."ask_at" is not null;--> statement-breakpoint
CREATE INDEX "messages_recipient" ON "messages" USING btree ("recipient","created_at");--> statement-breakpoint
CREATE INDEX "patients_mobile" ON "patients" USING btree ("mobile") WHERE "patients"."mobile" is not null;