ALTER TABLE "workflow_messages" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "workflow_messages" ADD COLUMN "trace_parent" text;