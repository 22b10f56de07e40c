import type { Sql } from 'postgres';
import { expect } from 'vitest';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';

/** What `npm run check:book` asks, of a practice that workflows may still be busy with; `atRest` asks what they have done too. */
export async function expectConsistent(sql: Sql, { atRest = false } = {}): Promise<void> {
  expect(await findInconsistencies(sql, { atRest })).toEqual([]);
}
