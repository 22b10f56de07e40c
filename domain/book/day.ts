import { LRUCache } from 'lru-cache';
import type { PendingQuery, Row, Sql } from 'postgres';
import { patientName, providerName } from '../people/names.ts';
import { addDays, startOfDay } from './rules/localTime.ts';

export interface DayEntry {
  id: string;
  kind: 'appointment' | 'hold' | 'block';
  status: string;
  madeBy: 'desk' | 'online';
  overlapAllowed: boolean;
  providerId: string | null;
  chairId: string | null;
  startsAt: Date;
  endsAt: Date;
  patientId: string | null;
  patientName: string;
  birthDate: string | null;
  description: string;
  note: string;
  blockReason: 'closure' | 'absence' | 'emergency' | 'other' | null;
  departureId: string | null;
  createdAt: Date;
}

export interface DayColumn {
  id: string;
  name: string;
  colour: number;
  working: { fromMinute: number; untilMinute: number }[];
}

export interface BookDayRead {
  entries: DayEntry[];
  providers: DayColumn[];
  chairs: { id: string; name: string }[];
  opening: { fromMinute: number; untilMinute: number }[];
}

/**
 * A location's day as it stands: living entries by start, and who works when. One round trip. While the day stands as it did,
 * what is answered is the very same object, which nobody may change: what is made of it may be kept by it.
 */
export async function readDay(
  sql: Sql,
  {
    practiceId,
    locationId,
    day,
    weekday,
    timeZone,
  }: { practiceId: string; locationId: string; day: string; weekday: number; timeZone: string },
): Promise<BookDayRead> {
  const from = new Date(startOfDay(day, timeZone));
  const until = new Date(startOfDay(addDays(day, 1), timeZone));
  // Who no longer treats, or a chair that is out of use, keeps its column on the days on which appointments still stand in it.
  const standsIn = (theirs: PendingQuery<Row[]>) => sql`exists (select from book_entries e
    where ${theirs} and e.kind <> 'block' and e.status not in ('cancelled', 'released', 'lapsed')
      and e.starts_at < ${until} and e.starts_at > ${from}::timestamptz - interval '1 day' and e.ends_at > ${from})`;
  // Closures and absences may have begun weeks before; nothing else is longer than a day. Each is said as its own index has it.
  const livingSince = (which: PendingQuery<Row[]>, longest: string) => sql`
    select * from book_entries
    where practice_id = ${practiceId} and location_id = ${locationId} and ${which}
      and starts_at < ${until} and starts_at > ${from}::timestamptz - ${longest}::interval and ends_at > ${from}`;
  const treated = livingSince(sql`kind <> 'block' and status not in ('cancelled', 'released', 'lapsed')`, '1 day');
  const blocked = livingSince(sql`kind = 'block' and living`, '32 days');
  const [row] = await sql<{ day: string }[]>`
    select json_build_object(
      'entries', (select coalesce(json_agg(entry), '[]') from (
        select e.id, e.kind, e.status, e.made_by as "madeBy", e.overlap_allowed as "overlapAllowed", e.provider_id as "providerId",
          e.chair_id as "chairId", e.starts_at as "startsAt", e.ends_at as "endsAt", e.patient_id as "patientId",
          ${sql.unsafe(patientName('p'))} as "patientName", p.birth_date as "birthDate",
          e.description, e.note, e.block_reason as "blockReason", e.departure_id as "departureId", e.created_at as "createdAt"
        from (${treated} union all ${blocked}) e
          left join patients p on p.id = e.patient_id
        where not (e.status = 'held' and e.held_until <= now())
        order by e.starts_at, e.id) as entry),
      'providers', (select coalesce(json_agg(json_build_object('id', v.id, 'name', ${sql.unsafe(providerName('v'))}, 'colour', v.colour,
          'working', (select coalesce(json_agg(json_build_object('fromMinute', w.from_minute, 'untilMinute', w.until_minute) order by w.from_minute), '[]')
            from working_hours w where w.provider_id = v.id and w.location_id = ${locationId} and w.weekday = ${weekday}))
          order by v.name), '[]') from providers v where v.practice_id = ${practiceId} and (v.active or ${standsIn(sql`e.provider_id = v.id`)})),
      'chairs', (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name) order by c.position, c.name), '[]')
        from chairs c where c.location_id = ${locationId} and c.practice_id = ${practiceId} and (c.active or ${standsIn(sql`e.chair_id = c.id`)})),
      'opening', (select coalesce(json_agg(json_build_object('fromMinute', o.from_minute, 'untilMinute', o.until_minute) order by o.from_minute), '[]')
        from opening_hours o where o.location_id = ${locationId} and o.weekday = ${weekday}))::text as day`;
  return dayOf(row!.day);
}

/** Days as they were read last, by what was said of them: some hundred busy ones, fewer where a day has more. */
const known = new LRUCache<string, BookDayRead>({ maxSize: 2_000_000, sizeCalculation: (_, said) => said.length });

function dayOf(said: string): BookDayRead {
  const before = known.get(said);
  if (before) return before;
  const read = parsed(said);
  known.set(said, read);
  return read;
}

type Said<Read> = { [Key in keyof Read]: Read[Key] extends Date ? string : Read[Key] };

function parsed(said: string): BookDayRead {
  const { entries, ...frame } = JSON.parse(said) as Omit<BookDayRead, 'entries'> & { entries: Said<DayEntry>[] };
  const instants = ({ startsAt, endsAt, createdAt }: Said<DayEntry>) => ({
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    createdAt: new Date(createdAt),
  });
  return { ...frame, entries: entries.map((entry) => ({ ...entry, ...instants(entry) })) };
}
