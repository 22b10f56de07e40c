import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '../drizzle/database.ts';

/** What an open screen may have to draw again. */
export type LiveTopic = 'book' | 'tasks' | 'followUp' | 'online' | 'messages' | 'bookings';

/** Tells open screens of the practice, when the transaction commits, that a topic changed. Carries no personal data. */
export async function notifyLive(tx: Tx, practiceId: string, ...topics: LiveTopic[]): Promise<void> {
  await tx.execute(sql`select ${liveNotice(sql`${practiceId}::text`, ...topics)}`);
}

/** The same as an expression, for a statement that changes something and tells it at once. */
export const liveNotice = (practiceId: SQL, ...topics: LiveTopic[]): SQL => sql`(
  select count(pg_notify('live', json_build_object('p', ${practiceId}, 't', topic)::text))
  from unnest(array[${sql.join(
    topics.map((topic) => sql`${topic}`),
    sql`, `,
  )}]::text[]) as topic)`;
