import { z } from 'zod';
import { choice, day, dayAsked, many, text, uuid } from '../fields.ts';
import { email, mobile } from './patientForm.ts';

/** Forms that a booking's task and its row on Follow Up share. */

/** Send Online Booking Link: any combination of channels; none is refused by the domain, at the boxes. */
export const linkForm = z.strictObject({ channels: many(choice(['sms', 'email'])) });

/** Collect Email and Mobile: both may be empty, what is there must be right. */
export const contactsForm = (timeZone: string) =>
  z.strictObject({
    mobile: mobile(timeZone),
    email,
    contactOwner: choice(['patient', 'parent', 'carer']).default('patient'),
  });

/** A reason, and a day to come or none. `today` is the practice's. */
export const postponementForm = (today: string) =>
  z.strictObject({
    reason: text(500),
    dueOn: z
      .literal('')
      .transform(() => null)
      .or(day.refine((value) => value >= today, 'date_past'))
      .default(null),
  });

/** A start in epoch milliseconds and a chair, as one button sends them. */
export const deskTimeForm = z.strictObject({
  time: z
    .string()
    .regex(/^\d{12,14} \S+$/)
    .transform((value) => value.split(' ') as [string, string])
    .pipe(z.tuple([z.string(), uuid]))
    .transform(([start, chairId]) => ({ startsAt: new Date(Number(start)), chairId })),
});

/** From which day a page of times begins. */
export const fromQuery = z.object({ from: dayAsked });
