import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { inboundTexts } from '../../drizzle/schema/index.ts';
import type { InboundText } from '../../gateways/twilioWebhooks.ts';
import { notifyLive } from '../live.ts';
import { type Contact, optIn, optOut } from './optOut.ts';

/** The words that carriers know, and the Dutch ones. A word counts when the whole text is that word. */
const stopping = new Set(['STOP', 'STOPALL', 'END', 'CANCEL', 'UNSUBSCRIBE', 'QUIT', 'AFMELDEN']);
const starting = new Set(['START', 'UNSTOP', 'AANMELDEN']);

/** What a text asks for, beside what it says. */
export function wishIn(body: string): 'stop' | 'start' | null {
  const word = body
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return stopping.has(word) ? 'stop' : starting.has(word) ? 'start' : null;
}

interface Known {
  practiceId: string;
  patientId: string;
}

/**
 * Keeps a text with the patient to whom the number was last written, else whose file it is on; a text from nobody's number
 * is not kept. A number may belong to patients of several practices that send from one number of ours: STOP and START hold
 * for all of them, as they do for the carrier, while the text is shown to the practice that wrote last. Safe to repeat.
 * @returns whether it was new
 */
export async function receiveText(tx: Tx, { carrierId, sender, body }: InboundText): Promise<boolean> {
  const known = await practicesThatKnow(tx, sender);
  if (known.length === 0) return false;
  const { practiceId, patientId } = known[0]!;
  const kept = await tx
    .insert(inboundTexts)
    .values({ practiceId, patientId, sender, body, carrierId })
    .onConflictDoNothing()
    .returning({ id: inboundTexts.id });
  // Brought again, or replayed: what was wished since then stands.
  if (kept.length === 0) return false;
  const wish = wishIn(body);
  for (const { practiceId: of } of wish === null ? [] : known) {
    const contact: Contact = { practiceId: of, channel: 'sms', contact: sender };
    await (wish === 'stop' ? optOut(tx, contact, 'text') : optIn(tx, contact));
  }
  await notifyLive(tx, practiceId, 'messages', 'followUp');
  return true;
}

/** Each with the patient concerned; the one that wrote last to the number first. */
async function practicesThatKnow(tx: Tx, number: string): Promise<Known[]> {
  const rows = await tx.execute(sql`
    select practice_id as "practiceId", patient_id as "patientId" from (
      select distinct on (practice_id) practice_id, patient_id, at from (
        select practice_id, patient_id, created_at as at from messages where recipient = ${number} and channel = 'sms'
        union all
        select practice_id, id, null from patients where mobile = ${number}) known
      order by practice_id, at desc nulls last, patient_id) latest
    order by at desc nulls last, practice_id`);
  return rows as unknown as Known[];
}
