CREATE TYPE "public"."patient_answer" AS ENUM('no_time_suits', 'call_me', 'not_for_me');--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "answer" "patient_answer";--> statement-breakpoint
ALTER TABLE "bookings" ADD COLUMN "answered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "practices" ADD COLUMN "other_channel" boolean DEFAULT true NOT NULL;