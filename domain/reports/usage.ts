import type { Sql } from 'postgres';
import { providerName } from '../people/names.ts';

/** Bookings made online in a month ('YYYY-MM', in the practice's zone), by provider. */
export interface UsageRow {
  month: string;
  kind: 'planned_treatment_booking';
  providerId: string;
  providerName: string;
  count: number;
}

/** The Feature Usage Report's figures over months, both ends included; counted by when the patient confirmed. */
export async function readUsage(
  sql: Sql,
  {
    practiceId,
    timeZone,
    fromMonth,
    untilMonth,
    providerId,
  }: { practiceId: string; timeZone: string; fromMonth: string; untilMonth: string; providerId: string | null },
): Promise<UsageRow[]> {
  return sql<UsageRow[]>`
    select to_char(u.occurred_at at time zone ${timeZone}, 'YYYY-MM') as month, u.kind, u.provider_id as "providerId",
      ${sql.unsafe(providerName('v'))} as "providerName", count(*)::int as count
    from usage_events u join providers v on v.id = u.provider_id
    where u.practice_id = ${practiceId}
      and u.occurred_at >= (${`${fromMonth}-01`}::date::timestamp at time zone ${timeZone})
      and u.occurred_at < ((${`${untilMonth}-01`}::date + interval '1 month')::timestamp at time zone ${timeZone})
      ${providerId ? sql`and u.provider_id = ${providerId}` : sql``}
    group by 1, 2, 3, 4 order by 1, 4`;
}
