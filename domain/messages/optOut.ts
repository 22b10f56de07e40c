import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { optOuts, patients } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import type { Channel } from './templates.ts';

/** Whether a patient may be written to on a channel: the one place that says so. */
export type Reach = 'open' | 'no_contact' | 'opted_out';

/** How a contact said that it wants no more: by a text, on the page behind an email, as a complaint, or to the carrier. */
export type Said = 'text' | 'unsubscribed' | 'complained' | 'carrier';

/** For a query that reads `patients`: the channels that the patient's contacts of now have opted out of. */
export const optedOut = sql<Channel[]>`array(
  select gone.channel::text from opt_outs gone where gone.practice_id = patients.practice_id
    and (gone.channel, gone.contact) in (('sms', patients.mobile), ('email', lower(patients.email))))`;

export function reachOf(contacts: Record<Channel, string | null>, gone: Channel[]): Record<Channel, Reach> {
  const reach = (channel: Channel): Reach =>
    !contacts[channel] ? 'no_contact' : gone.includes(channel) ? 'opted_out' : 'open';
  return { sms: reach('sms'), email: reach('email') };
}

export interface Contact {
  practiceId: string;
  channel: Channel;
  /** A number in E.164, or an email address. */
  contact: string;
}

/** From now on nothing is sent to the contact, also nothing that waits. Safe to repeat; the first to say it counts. */
export async function optOut(tx: Tx, { practiceId, channel, contact }: Contact, said: Said): Promise<void> {
  const written = await tx
    .insert(optOuts)
    .values({ practiceId, channel, contact: contact.toLowerCase(), said })
    .onConflictDoNothing()
    .returning({ since: optOuts.since });
  if (written.length === 0) return;
  for (const patientId of await filesWith(tx, { practiceId, channel, contact }))
    await audit(tx, { practiceId, actor: 'patient' }, 'contact.opted_out', { patientId }, { channel });
  await notifyLive(tx, practiceId, 'messages', 'followUp', 'tasks');
}

/** The contact wants messages again. Safe to repeat. */
export async function optIn(tx: Tx, { practiceId, channel, contact }: Contact): Promise<void> {
  const undone = await tx
    .delete(optOuts)
    .where(
      and(eq(optOuts.practiceId, practiceId), eq(optOuts.channel, channel), eq(optOuts.contact, contact.toLowerCase())),
    )
    .returning({ since: optOuts.since });
  if (undone.length === 0) return;
  for (const patientId of await filesWith(tx, { practiceId, channel, contact }))
    await audit(tx, { practiceId, actor: 'patient' }, 'contact.opted_in', { patientId }, { channel });
  await notifyLive(tx, practiceId, 'messages', 'followUp', 'tasks');
}

/** A contact may be on several files: a parent's is on the children's. */
async function filesWith(tx: Tx, { practiceId, channel, contact }: Contact): Promise<string[]> {
  const theirs =
    channel === 'sms' ? eq(patients.mobile, contact) : sql`lower(${patients.email}) = ${contact.toLowerCase()}`;
  const files = await tx
    .select({ id: patients.id })
    .from(patients)
    .where(and(eq(patients.practiceId, practiceId), theirs));
  return files.map(({ id }) => id);
}
