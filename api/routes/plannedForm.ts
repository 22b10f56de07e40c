import { z } from 'zod';
import type { PlannedDetails } from '../../domain/chart/planned.ts';
import type { WishedService } from '../../domain/chart/services.ts';
import { bookingInterval, expectedTime, many, optionalText, optionalUuid, ticked } from '../fields.ts';
import type { Values } from '../form.ts';

/** FDI notation: permanent teeth 11 to 48, milk teeth 51 to 85; or empty. */
const tooth = z
  .string()
  .trim()
  .regex(/^([1-4][1-8]|[5-8][1-5])?$/, 'invalid_value');

const mostServices = 20;

/** Edit Appointment. Services and teeth come as lists of equal length; a service that was not chosen does not count. */
export const plannedForm = z
  .strictObject({
    toBeBooked: ticked,
    service: many(optionalUuid).refine((services) => services.length <= mostServices, 'too_long'),
    tooth: many(tooth),
    expectedTime,
    description: optionalText(200),
    note: optionalText(2000),
    providerId: optionalUuid,
    intervalDays: bookingInterval,
  })
  .transform(
    ({ service, tooth: teeth, expectedTime: overrideMinutes, ...details }): PlannedDetails => ({
      ...details,
      overrideMinutes,
      services: service.flatMap((serviceId, index) => (serviceId ? [{ serviceId, tooth: teeth[index] ?? '' }] : [])),
    }),
  );

/** The services as they were typed, chosen or not. */
export function typedServices(values: Values): WishedService[] {
  const teeth = typed(values.tooth);
  return typed(values.service).map((serviceId, index) => ({ serviceId, tooth: teeth[index] ?? '' }));
}

const typed = (field: Values[string] | undefined) => (field === undefined ? [] : [field].flat());

/** A button within the form that changes the services and brings the form back; null for OK. */
export function stepOf(body: unknown): ((services: WishedService[]) => WishedService[]) | null {
  const { step } = (body ?? {}) as Values;
  if (step === 'recount') return (services) => services;
  if (step === 'add') return (services) => [...services, { serviceId: '', tooth: '' }].slice(0, mostServices);
  const [, removed] = /^remove-(\d{1,3})$/.exec(String(step)) ?? [];
  return removed === undefined ? null : (services) => services.filter((_, index) => index !== Number(removed));
}
