import { and, eq } from 'drizzle-orm';
import { optedOut, type Reach, reachOf } from '../domain/messages/optOut.ts';
import type { Channel } from '../domain/messages/templates.ts';
import type { Tx } from '../drizzle/database.ts';
import { patients } from '../drizzle/schema/index.ts';

/** Whether a patient may be written to, as the file stands now. */
export async function readReach(tx: Tx, practiceId: string, patientId: string): Promise<Record<Channel, Reach>> {
  const [row] = await tx
    .select({ sms: patients.mobile, email: patients.email, optedOut })
    .from(patients)
    .where(and(eq(patients.practiceId, practiceId), eq(patients.id, patientId)));
  return reachOf(row!, row!.optedOut);
}
