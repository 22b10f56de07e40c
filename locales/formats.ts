export type Language = 'en' | 'nl';

const tags: Record<Language, string> = { en: 'en-GB', nl: 'nl-NL' };

export type Formats = ReturnType<typeof makeFormats>;
const made = new Map<string, Formats>();

/** Dates, times and numbers as a reader of the language writes them, in the zone given. Made once for each pair. */
export function formats(language: Language, zone: string): Formats {
  const key = `${language} ${zone}`;
  const existing = made.get(key);
  if (existing) return existing;
  const fresh = makeFormats(language, zone);
  made.set(key, fresh);
  return fresh;
}

function makeFormats(language: Language, zone: string) {
  const tag = tags[language];
  const format = (options: Intl.DateTimeFormatOptions, timeZone = zone) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone });
  const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const longDay = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const fullDay = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const shortDay = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const dateTime = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const calendarDay = format({ day: '2-digit', month: '2-digit', year: 'numeric' }, 'UTC');
  const month = format({ month: 'long', year: 'numeric' }, 'UTC');
  const shortMonth = format({ month: 'short' }, 'UTC');
  const list = new Intl.ListFormat(tag, { type: 'disjunction' });
  const integer = new Intl.NumberFormat(tag);
  /** Some editions of the language's rules put one after the weekday. */
  const withoutComma = (text: string) => text.replace(',', '');
  /** A local day without a zone: noon in UTC shows the same date to everyone. */
  const atNoon = (day: string) => new Date(`${day}T12:00:00Z`);
  const longDayOf = format({ weekday: 'long', day: 'numeric', month: 'long' }, 'UTC');
  const fullDayOf = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, 'UTC');
  return {
    /** 09:20 */
    time: (instant: Date | number) => time.format(instant),
    /** Monday 7 December */
    longDay: (instant: Date | number) => withoutComma(longDay.format(instant)),
    /** Monday 7 December, the last day of what ends at an instant: with that day, where it ends at midnight. */
    lastDay: (end: Date) => withoutComma(longDay.format(end.getTime() - 1)),
    /** Monday 7 December 2026 */
    fullDay: (instant: Date | number) => withoutComma(fullDay.format(instant)),
    /** Mon 7 Dec */
    shortDay: (instant: Date | number) => shortDay.format(instant).replace(/[,.]/g, ''),
    /** 7 Dec, 09:20 */
    dateTime: (instant: Date | number) => dateTime.format(instant),
    /** 07/12/2026, of a local day 'YYYY-MM-DD'. */
    date: (day: string) => calendarDay.format(atNoon(day)),
    longDayOf: (day: string) => withoutComma(longDayOf.format(atNoon(day))),
    fullDayOf: (day: string) => withoutComma(fullDayOf.format(atNoon(day))),
    /** December 2026, of a month 'YYYY-MM'. */
    month: (yearMonth: string) => month.format(atNoon(`${yearMonth}-15`)),
    shortMonth: (yearMonth: string) => shortMonth.format(atNoon(`${yearMonth}-15`)),
    /** SMS or email */
    either: (items: string[]) => list.format(items),
    integer: (value: number) => integer.format(value),
  };
}
