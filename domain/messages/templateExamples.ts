import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { formats, type Language } from '../../locales/formats.ts';
import type { Staff } from '../acting.ts';
import { addDays, instantAt, localDay } from '../book/rules/localTime.ts';
import { linkExpiry } from '../book/rules/reminders.ts';
import { gsm7Length, toGsm7 } from './gsm7.ts';
import type { Fields } from './templates.ts';

/** What a practice's messages are filled with: as it usually is, and at the longest. */
export interface Example {
  practice: { name: string; shortName: string };
  zone: string;
  linkValidityDays: number;
  phone: string;
  place: string;
  provider: { title: string; name: string };
  longest: { first: string; phone: string; provider: { title: string; name: string } };
}

/** Letters beyond Latin's can't be carried by an SMS: such a name is not said, and so is not long. */
const foreign = sql.raw(`'[^\\u0001-\\u024F]'`);

/** The practice's own names, and the longest that its files hold. */
export async function readExample(tx: Tx, { practiceId }: Staff): Promise<Example> {
  const [row] = (await tx.execute(sql`
    select c.name, c.short_name as "shortName", c.time_zone as zone, c.link_validity_days as "linkValidityDays",
      coalesce(nullif(l.phone, ''), c.phone) as phone,
      coalesce(concat_ws(', ', l.name, l.street, l.postal_code || ' ' || l.city), c.name) as place,
      coalesce(v.title, '') as title, coalesce(v.name, '') as "providerName",
      coalesce((select p.first_name from patients p where p.practice_id = c.id
        order by p.first_name ~ ${foreign}, length(p.first_name) desc limit 1), '') as "longestFirst",
      (select o.phone from (select phone from locations where practice_id = c.id union all select c.phone) o
        order by length(o.phone) desc limit 1) as "longestPhone",
      coalesce(w.title, '') as "longestTitle", coalesce(w.name, '') as "longestProvider"
    from practices c
    left join lateral (select * from locations where practice_id = c.id order by name, id limit 1) l on true
    left join lateral (select title, name from providers where practice_id = c.id and active order by name, id limit 1) v on true
    left join lateral (
      select title, name from providers where practice_id = c.id and active order by length(title || name) desc, id limit 1) w on true
    where c.id = ${practiceId}`)) as unknown as Record<string, string>[];
  const { name, shortName, zone, phone, place } = row as Record<string, string>;
  return {
    practice: { name: name!, shortName: shortName! },
    zone: zone!,
    linkValidityDays: Number(row!.linkValidityDays),
    phone: phone!,
    place: place!,
    provider: { title: row!.title!, name: row!.providerName! },
    longest: {
      first: row!.longestFirst!,
      phone: row!.longestPhone!,
      provider: { title: row!.longestTitle!, name: row!.longestProvider! },
    },
  };
}

/** A message of today about an appointment next week. @param first the patient's name */
export function usualFields(
  example: Example,
  language: Language,
  first: string,
  linkLength: number | undefined,
): Fields {
  const { zone, practice, phone, place, provider } = example;
  const startsAt = new Date(instantAt(addDays(localDay(Date.now(), zone), 7), 9 * 60 + 20, zone));
  return {
    language,
    practice: { ...practice, phone },
    first,
    provider: `${provider.title} ${provider.name}`.trim(),
    providerTitle: provider.title,
    zone,
    linkLength,
    expiresAt: new Date(linkExpiry(Date.now(), example.linkValidityDays, zone)),
    appointment: { startsAt, minutes: 30, place },
  };
}

/** The same at its longest: the longest names on file, on the day that takes most letters. */
export function longestFields(example: Example, language: Language, linkLength: number | undefined): Fields {
  const { first, phone, provider } = example.longest;
  const day = longestDay(language, example.zone);
  return {
    ...usualFields({ ...example, provider, phone }, language, first, linkLength),
    expiresAt: new Date(day + 1),
    appointment: { startsAt: new Date(day), minutes: 30, place: example.place },
  };
}

/** Of a year's days one that an SMS needs most places for; noon in UTC. */
function longestDay(language: Language, zone: string): number {
  const { shortDay } = formats(language, zone);
  const places = (day: number) => gsm7Length(toGsm7(shortDay(day)));
  // Every weekday of every month, all with two digits.
  const days = Array.from({ length: 12 * 7 }, (_, n) => Date.UTC(2026, Math.floor(n / 7), 20 + (n % 7), 12));
  return days.reduce((longest, day) => (places(day) > places(longest) ? day : longest));
}
