import { z } from 'zod';
import { readDate } from '../../domain/people/birthDate.ts';
import { phoneRegionOf, readEmail, readMobile } from '../../domain/people/contacts.ts';
import type { PatientDetails } from '../../domain/people/patients.ts';
import { choice, optionalText, optionalUuid, text } from '../fields.ts';

/** A contact that may be empty; anything else must be one. */
const contact = (read: (text: string) => string | null, error: string) =>
  optionalText(254).transform((typed, context) => {
    if (typed === '') return null;
    const contact = read(typed);
    if (contact === null) context.addIssue({ code: 'custom', message: error });
    return contact;
  });

export const email = contact(readEmail, 'email_invalid');

/** A number without a country code belongs to the country of the practice's zone. */
export const mobile = (timeZone: string) =>
  contact((typed) => readMobile(typed, phoneRegionOf(timeZone)), 'mobile_invalid');

/** What the desk writes on a Patient File, in a practice of this zone, on this local day. */
export const patientForm = (timeZone: string, today: string): z.ZodType<PatientDetails> =>
  z.strictObject({
    firstName: text(80),
    lastNamePrefix: optionalText(20),
    lastName: text(80),
    birthDate: text(30).transform((typed, context) => {
      const day = readDate(typed, Number(today.slice(0, 4)));
      if (day !== null && day <= today) return day;
      context.addIssue({ code: 'custom', message: day === null ? 'date_invalid' : 'date_future' });
      return z.NEVER;
    }),
    email,
    mobile: mobile(timeZone),
    contactOwner: choice(['patient', 'parent', 'carer']).default('patient'),
    language: choice(['en', 'nl', ''])
      .default('')
      .transform((value) => value || null),
    providerId: optionalUuid,
    note: optionalText(2000),
  });
