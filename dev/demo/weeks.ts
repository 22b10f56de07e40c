import { addDays } from '../../domain/book/rules/localTime.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';
import { draftFollowUp, draftOpenTask, draftSentLink, type Visit } from './efforts.ts';
import { openFrom, openUntil, type ProviderKey, type ServiceKey } from './house.ts';
import type { Fate } from './letters.ts';
import { cast, type DemoPatient, others } from './people.ts';
import type { Planned } from './plans.ts';
import { at, everybody, openDays, type Scene, type Slot, takeSlot } from './scene.ts';
import type { Today } from './today.ts';
import { draftAppointment, draftDeparture, languageOf, titleOf } from './writing.ts';

/** Closures and absences, none of them today, and a chair kept free for emergencies. Comes before anything else is put into the book. */
export function blockTimes({ drafts, timetable, locationId, providerIds, chairIds, today }: Scene): void {
  const block = (
    blockReason: 'closure' | 'absence' | 'emergency' | 'other',
    description: string,
    from: Date,
    until: Date,
    of: { providerId?: string; chairId?: string } = {},
  ) => {
    drafts.add(bookEntries, {
      id: drafts.newId(),
      locationId,
      kind: 'block',
      status: 'booked',
      blockReason,
      description,
      startsAt: from,
      endsAt: until,
      ...of,
    });
    timetable.take([of.providerId ?? of.chairId ?? everybody], from, until);
  };
  const ahead = openDays(today, 30);
  block('emergency', 'Emergency time', at(today, 660), at(today, 720), { chairId: chairIds[3]! });
  for (const day of ahead.slice(0, 10))
    block('emergency', 'Emergency time', at(day, 660), at(day, 720), { chairId: chairIds[3]! });
  block('closure', 'Team training', at(ahead[6]!, 795), at(ahead[6]!, openUntil));
  block('absence', 'Course', at(ahead[2]!, openFrom), at(ahead[2]!, 750), { providerId: providerIds.secondDentist });
  block('absence', 'Holiday', at(ahead[10]!, 0), at(addDays(ahead[14]!, 1), 0), { providerId: providerIds.hygienist });
  block('absence', 'Family day', at(ahead[8]!, 795), at(ahead[8]!, 1020), { providerId: providerIds.dentist });
  block('other', 'Administration', at(ahead[1]!, 960), at(ahead[1]!, 1020), { providerId: providerIds.dentist });
}

/** Those who left a moment ago stand on the Departure Task List; visits of the last weeks stand on Follow Up. */
export function draftEfforts(scene: Scene, planned: Planned, today: Today): void {
  for (const { patient, departureId, departedAt } of today.left) {
    for (const plannedAppointmentId of planned.get(patient)!)
      draftOpenTask(scene, { patient, departureId, departedAt, plannedAppointmentId });
  }
  const visits = (patient: DemoPatient, day: string): Visit[] => {
    const visit = pastVisit(scene, patient, day)!;
    return planned.get(patient)!.map((plannedAppointmentId) => ({ ...visit, plannedAppointmentId }));
  };
  const daysAgo = (count: number) => openDays(scene.today, -count).at(-1)!;
  const note = 'Wants to ask the insurer first';
  for (const visit of visits(cast.postponed, daysAgo(2)))
    draftFollowUp(scene, visit, 'postponed', { dueOn: scene.today, note });
  for (const visit of visits(cast.unbooked, daysAgo(1))) draftFollowUp(scene, visit, 'unbooked');
  // Its link ends tomorrow night, or a few days later where that day two weeks ago fell on a weekend.
  const almostOver = openDays(addDays(scene.today, -14), 1)[0]!;
  const sent: [DemoPatient, string, ProviderKey, Fate][] = [
    [cast.linkDelivered, daysAgo(1), 'dentist', 'delivered'],
    [cast.linkNotDelivered, daysAgo(1), 'dentist', 'failed'],
    [cast.linkOpened, daysAgo(2), 'dentist', 'opened'],
    [cast.linkSent, daysAgo(3), 'hygienist', 'sent'],
    [cast.linkReminded, daysAgo(4), 'hygienist', 'delivered'],
    [cast.linkEndsSoon, almostOver, 'dentist', 'delivered'],
    [cast.linkExpired, daysAgo(13), 'hygienist', 'delivered'],
  ];
  for (const [patient, day, provider, fate] of sent)
    for (const visit of visits(patient, day)) draftSentLink(scene, visit, provider, fate);
}

/** A visit that has been, with its departure; null where the day has no room for it. */
export function pastVisit(scene: Scene, patient: DemoPatient, day: string): Omit<Visit, 'plannedAppointmentId'> | null {
  for (const provider of ['dentist', 'secondDentist', 'hygienist'] as const) {
    const slot = takeSlot(scene, provider, day, 20, patient);
    if (!slot) continue;
    const departedAt = new Date(slot.endsAt.getTime() + 5 * 60_000);
    const departureId = draftDeparture(scene, patient, day, departedAt);
    const service = provider === 'hygienist' ? 'consultation' : 'checkUp';
    draftAppointment(scene, slot, patient, {
      status: 'departed',
      description: titleOf(service, languageOf(patient)),
      departureId,
      createdAt: daysBefore(slot.startsAt, 30),
    });
    return { patient, departureId, departedAt };
  }
  return null;
}

/** What fills a provider's other days: with lengths as they are planned. */
const usual: Record<ProviderKey, [ServiceKey, number][]> = {
  dentist: [
    ['checkUp', 20],
    ['filling', 40],
    ['crown', 70],
    ['rootCanal', 70],
    ['checkUp', 20],
    ['crownFitting', 30],
    ['largeFilling', 50],
  ],
  secondDentist: [
    ['checkUp', 20],
    ['extraction', 40],
    ['filling', 40],
    ['crown', 70],
    ['checkUp', 20],
    ['rootCanal', 70],
  ],
  hygienist: [
    ['cleaning', 45],
    ['gumScreening', 45],
    ['cleaning', 30],
    ['fluoride', 20],
  ],
};

/** Appointments a provider and day, the nearest day first: the book thins out the further it goes. */
const ahead = [5, 4, 4, 4, 3, 3, 3, 2, 3, 2, 2, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1];
const back = [4, 4, 3, 4, 3, 3, 2, 3, 2, 2];

/** Fills the neighbouring days and weeks, in part. */
export function fillWeeks(scene: Scene): void {
  fillDays(scene, openDays(scene.today, ahead.length), ahead, (patient, slot, description) => {
    draftAppointment(scene, slot, patient, {
      status: 'booked',
      description,
      createdAt: daysBefore(new Date(scene.now), scene.chance.between(1, 40)),
    });
  });
  fillDays(scene, openDays(scene.today, -back.length), back, (patient, slot, description) => {
    const departureId = draftDeparture(scene, patient, slot.day, new Date(slot.endsAt.getTime() + 5 * 60_000));
    draftAppointment(scene, slot, patient, {
      status: 'departed',
      description,
      departureId,
      createdAt: daysBefore(slot.startsAt, scene.chance.between(5, 40)),
    });
  });
}

function fillDays(
  scene: Scene,
  days: string[],
  counts: number[],
  draft: (patient: DemoPatient, slot: Slot, description: string) => void,
): void {
  for (const [index, day] of days.entries()) {
    for (const provider of Object.keys(usual) as ProviderKey[]) {
      const patients = scene.chance.shuffled(others);
      for (let drawn = 0; drawn < counts[index]!; drawn++) {
        const [service, minutes] = scene.chance.oneOf(usual[provider]);
        const patient = patients.pop()!;
        const slot = takeSlot(scene, provider, day, minutes, patient);
        if (slot) draft(patient, slot, titleOf(service, languageOf(patient)));
      }
    }
  }
}

const daysBefore = (instant: Date, days: number) => new Date(instant.getTime() - days * 86_400_000);
