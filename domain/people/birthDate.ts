const months: Record<string, number> = {
  jan: 1,
  feb: 2,
  mrt: 3,
  maa: 3,
  mar: 3,
  apr: 4,
  mei: 5,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  okt: 10,
  oct: 10,
  nov: 11,
  dec: 12,
};

const notations = [
  /^(?<y>\d{4})[-/. ](?<m>\d{1,2})[-/. ](?<d>\d{1,2})$/,
  /^(?<d>\d{1,2})[-/. ](?<m>\d{1,2})[-/. ](?<y>\d{4}|\d{2})$/,
  /^(?<d>\d\d)(?<m>\d\d)(?<y>(?:19|20)\d\d)$/,
  /^(?<y>(?:19|20)\d\d)(?<m>\d\d)(?<d>\d\d)$/,
  /^(?<d>\d{1,2})(?:st|nd|rd|th|e)?[-/. ]+(?<m>[a-z]{3,9})\.?[-/. ]+(?<y>\d{4}|\d{2})$/,
  /^(?<m>[a-z]{3,9})\.?\s+(?<d>\d{1,2})(?:st|nd|rd|th)?\s+(?<y>\d{4}|\d{2})$/,
];

/**
 * The local day that somebody means by a date as people write it: 1984-05-06, 6-5-1984, 06/05/84, 6.5.1984, 06051984,
 * 6 mei 1984, May 6 1984 (the day before the month, as in Europe, unless the month is a word). Two digits of a year mean
 * the last such year up to `thisYear`. Null when it is no date.
 */
export function readDate(text: string, thisYear: number): string | null {
  const written = text.trim().toLowerCase().replace(/,/g, ' ');
  for (const notation of notations) {
    const match = notation.exec(written)?.groups as { y: string; m: string; d: string } | undefined;
    const day = match ? dayOf(match, thisYear) : null;
    if (day) return day;
  }
  return null;
}

function dayOf({ y, m, d }: { y: string; m: string; d: string }, thisYear: number): string | null {
  const month = /^\d+$/.test(m) ? Number(m) : months[m.slice(0, 3)];
  const year = y.length === 4 ? Number(y) : Number(y) + (Number(y) + 2000 <= thisYear ? 2000 : 1900);
  return month ? existing(year, month, Number(d)) : null;
}

function existing(year: number, month: number, day: number): string | null {
  if (year < 1880 || year > 2200) return null;
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.toISOString().slice(0, 10) : null;
}
