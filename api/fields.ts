import { z } from 'zod';
import { parseLength } from '../domain/book/rules/expectedTime.ts';
import { bookingIntervals } from '../domain/book/rules/interval.ts';

/** Building blocks of forms: what a browser sends is text, or several texts. */

/** Needed, without spaces around it. */
export const text = (longest: number) => z.string('required').trim().min(1, 'required').max(longest, 'too_long');

/** May be empty; a field that was not sent is empty too. */
export const optionalText = (longest: number) => z.string().trim().max(longest, 'too_long').default('');

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const uuid = z.string('required').regex(uuidPattern, 'unknown_choice');

/** A choice that may be none. */
export const optionalUuid = z
  .string()
  .default('')
  .refine((value) => value === '' || uuidPattern.test(value), 'unknown_choice')
  .transform((value) => value || null);

/** A local day, 'YYYY-MM-DD'. */
export const day = z.string('required').trim().min(1, 'required').refine(isDay, 'date_invalid');

/** A day that an address names; none where it names none, or what is no day. */
export const dayAsked = day.nullable().catch(null).default(null);

function isDay(value: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

/** 'HH:MM' to minutes after local midnight, 0 to 1440. */
export const minuteOfDay = z
  .string('required')
  .trim()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/, 'time_invalid')
  .transform((value) => Number(value.split(':')[0]) * 60 + Number(value.split(':')[1]));

/** Expected Time: hh:mm to minutes; empty: none was set by hand. */
export const expectedTime = z
  .string()
  .trim()
  .default('')
  .transform((text, context) => {
    if (text === '') return null;
    const minutes = parseLength(text);
    if (typeof minutes === 'number') return minutes;
    context.addIssue({ code: 'custom', message: minutes });
    return z.NEVER;
  });

/** Days; empty: the practice's. */
export const bookingInterval = z
  .string()
  .default('')
  .refine((text) => text === '' || bookingIntervals.some((days) => String(days) === text), 'unknown_choice')
  .transform((text) => (text === '' ? null : Number(text)));

/** A whole number within limits. */
export const whole = (least: number, most: number) =>
  z
    .string('required')
    .trim()
    .min(1, 'required')
    .regex(/^-?\d{1,9}$/, 'number_invalid')
    .transform(Number)
    .refine((value) => value >= least && value <= most, 'number_range');

/** A checkbox. */
export const ticked = z
  .literal('on', 'invalid_value')
  .optional()
  .transform((value) => value !== undefined);

/** A field that a browser sends not at all, once or many times. */
export const many = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(item).max(500));

export const choice = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices, 'unknown_choice');
