-- Nobody may write a message while the index is built, in one pass over the table. The old index goes last, so that reading
-- waits for a moment only.
SET LOCAL lock_timeout = '500ms';
--> statement-breakpoint
CREATE INDEX "workflow_messages_unsent" ON "workflow_messages" USING btree ("booking_id") WHERE "workflow_messages"."sent_at" is null;
--> statement-breakpoint
DROP INDEX "workflow_messages_parked";
