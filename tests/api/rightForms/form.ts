import { localDay } from '../../../domain/book/rules/localTime.ts';
import { type BuiltPractice, inDays } from '../../builders.ts';
import type { FreshDatabase } from '../../engines/database.ts';

/** Bytes are a file to upload. */
export type Fields = Record<string, string | string[] | Uint8Array>;

/** A form that a browser would send and that is accepted, on rows made for it. */
export interface RightForm {
  url: string;
  fields: Fields;
}
type Build<Made> = (db: FreshDatabase, built: BuiltPractice) => Promise<Made>;

/** By the route's pattern: makes the rows, and the form. */
export type RightForms = Record<string, Build<RightForm>>;

/** A form from what builds its address and what fills its fields. */
export const form =
  (address: Build<string>, fields: (built: BuiltPractice) => Fields = () => ({})): Build<RightForm> =>
  async (db, built) => ({ url: await address(db, built), fields: fields(built) });

export const at =
  (path: string): Build<string> =>
  async () =>
    path;
export const below =
  (path: string, base: Build<string>): Build<string> =>
  async (db, built) =>
    `${await base(db, built)}${path}`;

let taken = 0;

/** A number that no form had before. */
export const nextNumber = () => ++taken;

/** Ever another hour in the days after the next few: its beginning, its local day, its minute of the day. */
export function freeHour(built: BuiltPractice) {
  const number = nextNumber();
  const minute = (number % 20) * 60;
  const startsAt = inDays(built, 5 + Math.floor(number / 20), minute);
  return { startsAt, minute, day: localDay(startsAt.getTime(), built.practice.timeZone) };
}

/** 'HH:MM' of a minute of the day. */
export const clock = (minute: number) =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
