import { z } from 'zod';
import { parseLength } from '../../domain/book/rules/expectedTime.ts';
import { bookingIntervals } from '../../domain/book/rules/interval.ts';
import { likenessInGsm7 } from '../../domain/messages/gsm7.ts';
import { readEmail } from '../../domain/people/contacts.ts';
import { readPeriods, type Week, writePeriods } from '../../domain/practice/hours.ts';
import { isPicture } from '../../domain/practice/pictures.ts';
import type { PracticeDetails } from '../../domain/practice/practice.ts';
import type { UserDetails } from '../../domain/practice/users.ts';
import { choice, many, minuteOfDay, optionalText, optionalUuid, text, ticked, uuid, whole } from '../fields.ts';
import { type Parsed, submit } from '../form.ts';
import type { Upload } from '../upload.ts';
import { email } from './patientForm.ts';

/** What a verb means that finds a field invalid whose form was accepted: it compared it with what others have. */
const meanings: Record<string, string> = {
  code: 'code_taken',
  email: 'email_taken',
  role: 'oneself',
  active: 'oneself',
  chair: 'unknown_choice',
  picture: 'picture_unreadable',
  providerId: 'unknown_choice',
  locationId: 'unknown_choice',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [`day${weekday}`, 'hours_elsewhere'])),
};

/** As `submit`, and says at its field what the verb found. */
export async function settle<T, Done>(form: Parsed<T>, verb: (value: T) => Promise<Done>): Promise<Parsed<Done>> {
  const done = await submit(form, verb);
  if (done.ok || !form.ok) return done;
  return { ...done, errors: Object.fromEntries(Object.keys(done.errors).map((at) => [at, meanings[at] ?? 'invalid'])) };
}

/** A number that people call, as they write it. */
const phone = text(30).refine((typed) => {
  const digits = typed.replace(/\D/g, '').length;
  return /^\+?[\d\s().\-/]+$/.test(typed) && digits >= 7 && digits <= 15;
}, 'phone_invalid');

/** Before midnight. */
const clock = minuteOfDay.refine((minute) => minute < 1440, 'time_invalid');

/** '3, 8' to days in order; at most five. */
const days = optionalText(40).transform((typed, context) => {
  const parts = typed === '' ? [] : typed.split(/[\s,;]+/).filter(Boolean);
  if (parts.length <= 5 && parts.every((part) => /^[1-9]\d?$/.test(part))) {
    return [...new Set(parts.map(Number))].sort((one, other) => one - other);
  }
  context.addIssue({ code: 'custom', message: 'days_list' });
  return z.NEVER;
});

const smsSender = optionalText(11)
  .refine((typed) => typed === '' || /^(?=.*[A-Za-z])[A-Za-z0-9 ]+$/.test(typed), 'sender_invalid')
  .transform((typed) => typed || null);

const language = choice(['en', 'nl']);

export const practiceForm = z
  .strictObject({
    name: text(80),
    shortName: text(25).refine((typed) => likenessInGsm7(typed) !== null, 'sms_letters'),
    phone,
    email,
    language,
    appointmentWorkflow: ticked,
    onlineAppointmentsTab: ticked,
    attentionEmail: ticked,
    defaultIntervalDays: choice(bookingIntervals.map(String) as [string, ...string[]]).transform(Number),
    linkValidityDays: whole(1, 90),
    reminderDays: days,
    reminderMinute: clock,
    holdMinutes: whole(2, 60),
    quietFromMinute: clock,
    quietUntilMinute: clock,
    smsSender,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would end the header that the name stands in
    emailSenderName: text(60).refine((typed) => !/[<>"\u0000-\u001f\u007f]/.test(typed), 'name_invalid'),
    shortestUsefulMinutes: whole(5, 120),
    otherChannel: ticked,
    recordYears: whole(1, 50),
    messageMonths: whole(1, 60),
  })
  // Asked also where a field by itself did not fit, and then stays as it was typed.
  .refine(({ reminderDays, linkValidityDays }) => ![reminderDays].flat().some((day) => day > linkValidityDays), {
    path: ['reminderDays'],
    message: 'reminder_after_expiry',
  }) satisfies z.ZodType<PracticeDetails>;

const hours = optionalText(100).transform((typed, context) => {
  const periods = readPeriods(typed);
  if (typeof periods !== 'string') return periods;
  context.addIssue({ code: 'custom', message: periods });
  return z.NEVER;
});
const weekdays = { day1: hours, day2: hours, day3: hours, day4: hours, day5: hours, day6: hours, day7: hours };
type Days = Record<keyof typeof weekdays, Week[number]>;

const weekFrom = ({ day1, day2, day3, day4, day5, day6, day7 }: Days): Week => [
  day1,
  day2,
  day3,
  day4,
  day5,
  day6,
  day7,
];

/** A week as it is typed. */
export const typedWeek = (week: Week): string[] => week.map(writePeriods);

export const weekForm = z.strictObject(weekdays).transform(weekFrom);

export const locationForm = z
  .strictObject({ name: text(80), street: text(80), postalCode: text(12), city: text(80), phone, ...weekdays })
  .transform(({ name, street, postalCode, city, phone: number, ...typed }) => ({
    details: { name, street, postalCode, city, phone: number },
    week: weekFrom(typed),
  }));

export const providerForm = z.strictObject({
  title: optionalText(20),
  name: text(80),
  colour: choice(['1', '2', '3', '4', '5', '6', '7', '8']).transform(Number),
  active: ticked,
});

/** Chairs come as a list, the preferred one first; a place that is left empty does not count. */
export const onlineForm = z
  .strictObject({
    bookable: ticked,
    daysAhead: whole(1, 365),
    earliestNoticeMinutes: whole(0, 20_160),
    chair: many(optionalUuid)
      .transform((places) => places.flatMap((id) => id?.toLowerCase() ?? []))
      .refine((chairs) => new Set(chairs).size === chairs.length, 'chair_twice'),
  })
  .refine(({ bookable, chair }) => !bookable || chair.length > 0, { path: ['chair'], message: 'chairs_needed' })
  .transform(({ chair, ...online }) => ({ ...online, chairIds: chair }));

const chairFields = { name: text(40), position: whole(0, 999), active: ticked };
export const chairForm = z.strictObject(chairFields);
export const newChairForm = z.strictObject({ ...chairFields, locationId: uuid });

/** hh:mm; zero is a time here. */
const estimatedTime = text(5).transform((typed, context) => {
  const minutes = parseLength(typed);
  if (minutes === 'length_zero') return 0;
  if (typeof minutes === 'number') return minutes;
  context.addIssue({ code: 'custom', message: minutes });
  return z.NEVER;
});

export const serviceForm = z
  .strictObject({
    code: text(12).regex(/^[\p{L}\p{N}._-]+$/u, 'invalid_value'),
    nameEn: text(80),
    nameNl: text(80),
    estimatedTime,
    active: ticked,
  })
  .transform(({ estimatedTime: estimatedMinutes, ...service }) => ({ ...service, estimatedMinutes }));

const userFields = {
  name: text(80),
  email: text(254).transform((typed, context) => {
    const address = readEmail(typed);
    if (address !== null) return address;
    context.addIssue({ code: 'custom', message: 'email_invalid' });
    return z.NEVER;
  }),
  role: choice(['provider', 'receptionist', 'manager']),
  language,
  providerId: optionalUuid,
  locationId: optionalUuid,
  active: ticked,
};
/** Taken as it is typed: spaces belong to it. */
const password = z.string('required').min(1, 'required').min(12, 'password_short').max(200, 'too_long');

export const userForm: z.ZodType<UserDetails> = z.strictObject(userFields);
export const newUserForm = z
  .strictObject({ ...userFields, password })
  .transform(({ password: typed, ...details }) => ({ details, password: typed }));
export const passwordForm = z.strictObject({ password });

/** Told by what it holds, not by the name it came with. */
export const pictureForm = z.strictObject({
  picture: z
    .custom<Upload>((sent) => typeof sent === 'object' && sent !== null && 'bytes' in sent, 'required')
    .refine(({ tooLarge }) => !tooLarge, { message: 'picture_too_large', abort: true })
    .transform(({ bytes }) => bytes)
    .refine(isPicture, 'picture_type'),
});
