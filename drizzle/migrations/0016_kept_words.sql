-- Gives up instead of standing in the way of the previous version's processes.
SET LOCAL lock_timeout = '500ms';
--> statement-breakpoint
CREATE INDEX "inbound_texts_kept" ON "inbound_texts" USING btree ("received_at") WHERE "inbound_texts"."sender" <> '';--> statement-breakpoint
CREATE INDEX "follow_ups_words" ON "follow_ups" USING btree ("closed_at") WHERE "follow_ups"."note" <> '' or ("follow_ups"."closed_by" is not null and "follow_ups"."closed_reason" <> '');