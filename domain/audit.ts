import type { Tx } from '../drizzle/database.ts';
import { auditEntries } from '../drizzle/schema/index.ts';
import type { Staff } from './acting.ts';

/** Who acted: a member of staff, or a practice's patient or the system itself. */
export type Actor = Staff | { practiceId: string; actor: 'patient' | 'system' };

export interface AuditReferences {
  patientId?: string;
  bookingId?: string;
  entryId?: string;
}

/**
 * Writes who did what; `details` holds ids, words and times, never contacts or tokens. Only a manager's reason for closing a
 * booking is in their own words, which erasure takes out again.
 */
export async function audit(
  tx: Tx,
  by: Actor,
  action: string,
  references: AuditReferences = {},
  details: Record<string, string | number | boolean | null> = {},
): Promise<void> {
  const who = 'userId' in by ? { actor: 'staff' as const, userId: by.userId } : { actor: by.actor };
  await tx.insert(auditEntries).values({ practiceId: by.practiceId, ...who, action, ...references, details });
}
