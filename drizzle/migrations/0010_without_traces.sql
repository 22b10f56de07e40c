ALTER TABLE "workflow_messages" DROP COLUMN "request_id";--> statement-breakpoint
ALTER TABLE "workflow_messages" DROP COLUMN "trace_parent";