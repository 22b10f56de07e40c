CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_provider_once"
  EXCLUDE USING gist ("provider_id" WITH =, "during" WITH &&) WHERE ("living" AND NOT "overlap_allowed");
--> statement-breakpoint
ALTER TABLE "book_entries" ADD CONSTRAINT "book_entries_chair_once"
  EXCLUDE USING gist ("chair_id" WITH =, "during" WITH &&) WHERE ("living" AND NOT "overlap_allowed");
--> statement-breakpoint
CREATE FUNCTION notify_workflow_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY workflow_messages;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER workflow_messages_notify AFTER INSERT ON "workflow_messages"
  FOR EACH STATEMENT EXECUTE FUNCTION notify_workflow_message();
