import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { locations, workingHours } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import type { WeeklyHours } from '../book/rules/openings.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { rowsOf, type Week, weekdayInBoth, weekOf } from './hours.ts';
import { lockProvider } from './providers.ts';

export interface WorkingWeek {
  location: { id: string; name: string };
  week: Week;
}

/** When a provider works, at each location of the practice, by name. */
export async function readWorkingWeeks(sql: Sql, { practiceId }: Staff, providerId: string): Promise<WorkingWeek[]> {
  const rows = await sql<{ id: string; name: string; hours: WeeklyHours[] }[]>`
    select l.id, l.name, coalesce((
      select json_agg(json_build_object('weekday', weekday, 'fromMinute', from_minute, 'untilMinute', until_minute))
      from working_hours w where w.location_id = l.id and w.provider_id = ${providerId}), '[]') as hours
    from locations l where l.practice_id = ${practiceId} order by l.name, l.id`;
  return rows.map(({ id, name, hours }) => ({ location: { id, name }, week: weekOf(hours) }));
}

/**
 * Changes when a provider works at a location. Nobody works at two places at once.
 * @throws Refusal not_found; invalid at `day1` to `day7`, where the provider works elsewhere then
 */
export async function changeWorkingHours(
  tx: Tx,
  by: Staff,
  providerId: string,
  locationId: string,
  week: Week,
): Promise<void> {
  const { practiceId } = by;
  await lockProvider(tx, by, providerId);
  const [location] = await tx
    .select({ id: locations.id })
    .from(locations)
    .where(and(eq(locations.practiceId, practiceId), eq(locations.id, locationId)));
  if (!location) throw new Refusal('not_found');
  const all = await tx.select().from(workingHours).where(eq(workingHours.providerId, providerId));
  const here = weekOf(all.filter((row) => row.locationId === locationId));
  if (JSON.stringify(here) === JSON.stringify(week)) return;
  const clash = weekdayInBoth(week, weekOf(all.filter((row) => row.locationId !== locationId)));
  if (clash !== null) throw new Refusal('invalid', `day${clash}`);
  await tx
    .delete(workingHours)
    .where(and(eq(workingHours.providerId, providerId), eq(workingHours.locationId, locationId)));
  const rows = rowsOf(week).map((row) => ({ ...row, practiceId, providerId, locationId }));
  if (rows.length > 0) await tx.insert(workingHours).values(rows);
  await audit(tx, by, 'provider.working_hours_changed', {}, { providerId, locationId });
  await notifyLive(tx, practiceId, 'book', 'tasks');
}
