import type { Sql } from 'postgres';
import type { Staff } from '../acting.ts';
import { readDate } from './birthDate.ts';

export interface FoundPatient {
  id: string;
  number: number;
  firstName: string;
  lastNamePrefix: string;
  lastName: string;
  birthDate: string;
  email: string | null;
  mobile: string | null;
}

/** What a search box's text asks for: a birth date, a number, or beginnings of names in any order. */
export interface Wanted {
  birthDate: string | null;
  number: number | null;
  names: string[];
}

const mostFound = 30;

/** A birth date in any usual notation may stand before, after or without names; digits alone are a patient's number. */
export function readSearch(text: string, thisYear: number): Wanted {
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean)
    .slice(0, 8);
  for (const length of [3, 1]) {
    for (let from = 0; from + length <= words.length; from++) {
      const birthDate = readDate(words.slice(from, from + length).join(' '), thisYear);
      if (birthDate) return { birthDate, number: null, names: parted(words.toSpliced(from, length)) };
    }
  }
  const number = words.length === 1 ? /^#?(\d{1,9})$/.exec(words[0]!)?.[1] : undefined;
  if (number) return { birthDate: null, number: Number(number), names: [] };
  return { birthDate: null, number: null, names: parted(words) };
}

/** Patients of the practice whose names have words beginning so, by last name. At most 30; `more` when there are others. */
export async function searchPatients(
  sql: Sql,
  { practiceId }: Staff,
  text: string,
  thisYear: number,
): Promise<{ patients: FoundPatient[]; more: boolean }> {
  const { birthDate, number, names } = readSearch(text, thisYear);
  if (!birthDate && number === null && names.length === 0) return { patients: [], more: false };
  const found = await sql<FoundPatient[]>`
    select id, number, first_name as "firstName", last_name_prefix as "lastNamePrefix", last_name as "lastName",
      birth_date::text as "birthDate", email, mobile
    from patients
    where practice_id = ${practiceId}
      ${birthDate ? sql`and birth_date = ${birthDate}` : sql``}
      ${number === null ? sql`` : sql`and number = ${number}`}
      ${names.length === 0 ? sql`` : sql`and id = any((select patients_named(${practiceId}, ${names}))::uuid[])`}
    order by lower(last_name), lower(first_name), number
    limit ${mostFound + 1}`;
  return { patients: found.slice(0, mostFound), more: found.length > mostFound };
}

/** Parts of double names on their own. */
const parted = (words: string[]): string[] => words.flatMap((word) => word.split('-').filter(Boolean));
