import { sql } from 'drizzle-orm';
import type { Fields } from './templates.ts';

/** For a query that reads `patients` and their `practices`: the practice's own templates in the patient's language. */
export const ownTemplates = sql<NonNullable<Fields['own']>>`coalesce((
  select jsonb_agg(jsonb_build_object('kind', own.kind, 'channel', own.channel, 'subject', own.subject, 'body', own.body))
  from message_templates own where own.practice_id = practices.id and own.replaced_at is null and own.body is not null
    and own.language = coalesce(patients.language, practices.language)), '[]')`;
