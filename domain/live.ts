import { sql } from 'drizzle-orm';
import type { Tx } from '../drizzle/database.ts';

/** What an open screen may have to draw again. */
export type LiveTopic = 'book' | 'tasks' | 'followUp' | 'online' | 'messages';

/** Tells open screens of the practice, when the transaction commits, that a topic changed. Carries no personal data. */
export async function notifyLive(tx: Tx, practiceId: string, ...topics: LiveTopic[]): Promise<void> {
  const payloads = topics.map((topic) => JSON.stringify({ p: practiceId, t: topic }));
  await tx.execute(
    sql`select pg_notify('live', payload) from unnest(array[${sql.join(
      payloads.map((p) => sql`${p}`),
      sql`, `,
    )}]::text[]) as payload`,
  );
}
