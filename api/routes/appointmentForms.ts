import { z } from 'zod';
import { appointmentStates } from '../../domain/book/rules/appointmentStates.ts';
import { parseLength } from '../../domain/book/rules/expectedTime.ts';
import { choice, day, minuteOfDay, optionalText, optionalUuid, ticked, uuid, whole } from '../fields.ts';

/** Forms of the Appointment Book. Days and minutes are the practice's. */

const length = z
  .string('required')
  .trim()
  .min(1, 'required')
  .transform((text, context) => {
    const minutes = parseLength(text);
    if (typeof minutes === 'number') return minutes;
    context.addIssue({ code: 'custom', message: minutes });
    return z.NEVER;
  });

/** Where and when, and what about. */
export const changeForm = z.strictObject({
  day,
  start: minuteOfDay,
  length,
  provider: uuid,
  chair: optionalUuid,
  description: optionalText(200),
  note: optionalText(2000),
  overlap: ticked,
  twice: ticked,
});

export const appointmentForm = changeForm.extend({ patient: uuid });

/** A place in the grid, as it is pointed at: a local day and a minute of it, in one provider's or one chair's column. */
const place = { day, minute: whole(0, 1439), provider: optionalUuid, chair: optionalUuid };

/** What dragging changes: the place, the length, or both. */
export const moveForm = z
  .strictObject({ ...place, minutes: whole(1, 480) })
  .partial()
  .refine(({ day, minute }) => (day === undefined) === (minute === undefined), 'invalid_value');

/** A departure task let go over the grid. */
export const dropForm = z.strictObject(place);

export const stateForm = z.strictObject({ status: choice(appointmentStates) });

export const blockForm = z
  .strictObject({
    reason: choice(['closure', 'absence', 'emergency', 'other']),
    provider: optionalUuid,
    chair: optionalUuid,
    day,
    from: minuteOfDay,
    untilDay: day,
    until: minuteOfDay,
    allDay: ticked,
    note: optionalText(500),
    overlap: ticked,
  })
  .transform(({ allDay, ...block }) => (allDay ? { ...block, from: 0, until: 24 * 60 } : block))
  .superRefine(({ day: first, from, untilDay, until }, context) => {
    const issue = (message: string, field: string) => context.addIssue({ code: 'custom', message, path: [field] });
    if (untilDay < first) issue('time_order', 'untilDay');
    else if (untilDay === first && until <= from) issue('time_order', 'until');
    else if (Date.parse(untilDay) - Date.parse(first) > 30 * 86_400_000) issue('block_too_long', 'untilDay');
  });
