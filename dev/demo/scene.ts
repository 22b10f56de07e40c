import { addDays, instantAt, localDay, weekdayOf } from '../../domain/book/rules/localTime.ts';
import type { LinkKeys } from '../../domain/bookings/links.ts';
import type { practices } from '../../drizzle/schema/index.ts';
import type { Chance } from './chance.ts';
import type { Drafts } from './drafts.ts';
import { openFrom, openUntil, type ProviderKey, practice, providers, type ServiceKey } from './house.ts';
import type { DemoPatient } from './people.ts';

export const zone = practice.timeZone;

/** What patients' links are made with. */
export interface Service {
  keys: LinkKeys;
  publicUrl: string;
}

/** What stands in the database already when the book is filled. */
export interface Scene {
  service: Service;
  practice: typeof practices.$inferSelect;
  drafts: Drafts;
  chance: Chance;
  timetable: Timetable;
  /** Epoch milliseconds. */
  now: number;
  today: string;
  locationId: string;
  chairIds: string[];
  providerIds: Record<ProviderKey, string>;
  serviceIds: Record<ServiceKey, string>;
  patientIds: Map<DemoPatient, string>;
  receptionistId: string;
}

export const at = (day: string, minute: number) => new Date(instantAt(day, minute, zone));

/** Today the practice is open and all providers work, whatever day it is. */
export function isWorkingDay(scene: Pick<Scene, 'today'>, provider: ProviderKey, day: string): boolean {
  return providers[provider].weekdays.includes(weekdayOf(day)) || weekdayOf(day) === weekdayOf(scene.today);
}

export const weekdaysOf = (scene: Pick<Scene, 'today'>, provider: ProviderKey) => [
  ...new Set([...providers[provider].weekdays, weekdayOf(scene.today)]),
];

/** Who and what is taken when, so that nothing in the book overlaps and nobody comes twice a day. */
export class Timetable {
  private readonly taken = new Map<string, { from: number; until: number }[]>();

  take(who: string[], from: Date, until: Date): void {
    for (const one of who) {
      const stretches = this.taken.get(one) ?? [];
      this.taken.set(one, stretches);
      stretches.push({ from: from.getTime(), until: until.getTime() });
    }
  }

  isFree(who: string[], from: Date, until: Date): boolean {
    return who.every((one) =>
      (this.taken.get(one) ?? []).every(
        (stretch) => stretch.until <= from.getTime() || until.getTime() <= stretch.from,
      ),
    );
  }
}

/** Blocks of the whole location stand under this name. */
export const everybody = 'everybody';

export interface Slot {
  provider: ProviderKey;
  day: string;
  startsAt: Date;
  endsAt: Date;
}

/** Takes a time for a patient with a provider on a day; null where the day is full, or the patient comes already. */
export function takeSlot(
  scene: Scene,
  provider: ProviderKey,
  day: string,
  minutes: number,
  patient: DemoPatient,
): Slot | null {
  if (!isWorkingDay(scene, provider, day)) return null;
  const { hours, chair } = providers[provider];
  const comers = [scene.providerIds[provider], scene.chairIds[chair]!, everybody];
  const starts = hours.flatMap(([from, until]) => {
    const all: number[] = [];
    for (let minute = from; minute + minutes <= until; minute += 10) all.push(minute);
    return all;
  });
  const free = starts
    .map((minute) => ({ provider, day, startsAt: at(day, minute), endsAt: at(day, minute + minutes) }))
    .filter((slot) => scene.timetable.isFree(comers, slot.startsAt, slot.endsAt));
  if (free.length === 0 || !isFreeAllDay(scene, patient, day)) return null;
  const slot = scene.chance.next() < 0.5 ? free[0]! : scene.chance.oneOf(free);
  takeExactly(scene, slot, patient);
  return slot;
}

export function takeExactly(scene: Scene, slot: Slot, patient: DemoPatient): void {
  const { chair } = providers[slot.provider];
  scene.timetable.take([scene.providerIds[slot.provider], scene.chairIds[chair]!], slot.startsAt, slot.endsAt);
  scene.timetable.take([scene.patientIds.get(patient)!], at(slot.day, openFrom), at(slot.day, openUntil));
}

export const isFreeAllDay = (scene: Scene, patient: DemoPatient, day: string) =>
  scene.timetable.isFree([scene.patientIds.get(patient)!], at(day, openFrom), at(day, openUntil));

/** The `count` days after (or, where negative, before) a day on which the practice is open. */
export function openDays(day: string, count: number): string[] {
  const found: string[] = [];
  const step = Math.sign(count);
  for (let next = addDays(day, step); found.length < Math.abs(count); next = addDays(next, step)) {
    if (weekdayOf(next) <= 5) found.push(next);
  }
  return found;
}

export const after = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * 60_000);

export const dayOf = (instant: Date) => localDay(instant.getTime(), zone);
