import {
  bookEntries,
  departures,
  plannedAppointments,
  plannedServices,
  treatmentPlans,
} from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/formats.ts';
import { type ProviderKey, practice, providers, type ServiceKey, services } from './house.ts';
import type { DemoPatient } from './people.ts';
import type { Scene, Slot } from './scene.ts';

export const languageOf = (patient: DemoPatient): Language => patient.language ?? practice.language;

export const titleOf = (key: ServiceKey, language: Language) => services[key][language === 'en' ? 'nameEn' : 'nameNl'];

export interface PlannedDraft {
  services: ServiceKey[];
  provider: ProviderKey | null;
  toBeBooked: boolean;
  tooth?: string;
  intervalDays?: number;
  overrideMinutes?: number;
  note?: string;
}

/** Writes a plan with its planned appointments, in order. @returns the planned appointments' ids */
export function draftPlan(
  { drafts, patientIds, providerIds, serviceIds }: Scene,
  patient: DemoPatient,
  name: string,
  planned: PlannedDraft[],
  createdAt?: Date,
): string[] {
  const patientId = patientIds.get(patient)!;
  const treatmentPlanId = drafts.newId();
  drafts.add(treatmentPlans, { id: treatmentPlanId, patientId, name, createdAt });
  return planned.map((draft, index) => {
    const id = drafts.newId();
    drafts.add(plannedAppointments, {
      id,
      patientId,
      treatmentPlanId,
      position: index + 1,
      providerId: draft.provider && providerIds[draft.provider],
      description: descriptionOf(draft, languageOf(patient)),
      note: draft.note ?? '',
      intervalDays: draft.intervalDays ?? null,
      toBeBooked: draft.toBeBooked,
      expectedMinutesOverride: draft.overrideMinutes ?? null,
      createdAt,
    });
    for (const [position, key] of draft.services.entries()) {
      drafts.add(plannedServices, {
        id: drafts.newId(),
        plannedAppointmentId: id,
        serviceId: serviceIds[key],
        tooth: draft.tooth ?? '',
        estimatedMinutes: services[key].estimatedMinutes,
        position,
      });
    }
    return id;
  });
}

export const minutesOf = (keys: readonly ServiceKey[]) =>
  keys.reduce((sum, key) => sum + services[key].estimatedMinutes, 0);

export function descriptionOf(
  { services: keys, tooth }: Pick<PlannedDraft, 'services' | 'tooth'>,
  language: Language,
): string {
  const main = keys.find((key) => key !== 'anaesthesia' && key !== 'xray') ?? keys[0]!;
  return tooth ? `${titleOf(main, language)} ${tooth}` : titleOf(main, language);
}

type Entry = typeof bookEntries.$inferInsert;

export function draftAppointment(
  scene: Scene,
  slot: Slot,
  patient: DemoPatient,
  more: Partial<Entry> & Pick<Entry, 'status' | 'description'>,
): string {
  const id = scene.drafts.newId();
  scene.drafts.add(bookEntries, {
    id,
    locationId: scene.locationId,
    kind: 'appointment',
    providerId: scene.providerIds[slot.provider],
    chairId: scene.chairIds[providers[slot.provider].chair]!,
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    patientId: scene.patientIds.get(patient)!,
    ...more,
  });
  return id;
}

/** @returns the departure's id */
export function draftDeparture(
  { drafts, patientIds, locationId, receptionistId }: Scene,
  patient: DemoPatient,
  day: string,
  departedAt: Date,
): string {
  const id = drafts.newId();
  drafts.add(departures, {
    id,
    patientId: patientIds.get(patient)!,
    locationId,
    day,
    departedAt,
    departedBy: receptionistId,
  });
  return id;
}
