CREATE TABLE "message_templates" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"practice_id" uuid NOT NULL,
	"kind" "message_kind" NOT NULL,
	"channel" "message_channel" NOT NULL,
	"language" "language" NOT NULL,
	"subject" text,
	"body" text,
	"changed_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"replaced_at" timestamp (3) with time zone,
	CONSTRAINT "message_templates_practiceId_id_unique" UNIQUE("practice_id","id"),
	CONSTRAINT "message_templates_subject" CHECK (("message_templates"."subject" is not null) = ("message_templates"."channel" = 'email' and "message_templates"."body" is not null))
);
--> statement-breakpoint
ALTER TABLE "message_templates" ADD CONSTRAINT "message_templates_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_templates" ADD CONSTRAINT "message_templates_practice_id_changed_by_users_practice_id_id_fk" FOREIGN KEY ("practice_id","changed_by") REFERENCES "public"."users"("practice_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "message_templates_current" ON "message_templates" USING btree ("practice_id","language","kind","channel") WHERE "message_templates"."replaced_at" is null;--> statement-breakpoint
CREATE INDEX "message_templates_practice_id_kind_channel_index" ON "message_templates" USING btree ("practice_id","kind","channel");