import type { Sql } from 'postgres';

/** Writes out days that several writers changed at once; until then their searches ask the entries. Safe to repeat. */
export async function writeMarkedDays(sql: Sql): Promise<void> {
  await sql`
    select write_busy_days(array_agg(practice_id), array_agg(place_id), array_agg(day))
    from (select distinct practice_id, place_id, day from busy_days where mark > 0 limit 100) as marked
    having count(*) > 0`;
}
