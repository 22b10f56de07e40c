import { addDays } from '../../domain/book/rules/localTime.ts';
import { draftOnlineBooking, type Visit } from './efforts.ts';
import type { ServiceKey } from './house.ts';
import { type DemoPatient, others } from './people.ts';
import { at, openDays, type Scene, type Slot, takeSlot } from './scene.ts';
import type { Today, TodaysPlace } from './today.ts';
import { pastVisit } from './weeks.ts';
import { descriptionOf, draftDeparture, draftPlan, languageOf, minutesOf, type PlannedDraft } from './writing.ts';

/** What patients book online, and with whom. */
const plannable: { services: ServiceKey[]; provider: 'dentist' | 'hygienist'; tooth?: string }[] = [
  { services: ['cleaning'], provider: 'hygienist' },
  { services: ['cleaning', 'fluoride'], provider: 'hygienist' },
  { services: ['gumScreening'], provider: 'hygienist' },
  { services: ['anaesthesia', 'filling'], provider: 'dentist', tooth: '25' },
  { services: ['anaesthesia', 'largeFilling'], provider: 'dentist', tooth: '46' },
  { services: ['anaesthesia', 'crown'], provider: 'dentist', tooth: '15' },
  { services: ['crownFitting'], provider: 'dentist', tooth: '35' },
];

/** Online bookings in each thirty days back from now, the latest first: the feature was taken up over a year. */
const bookedOnline = [7, 8, 6, 7, 6, 5, 5, 4, 4, 3, 3, 2];

/** The appointments that were booked online within a year, with their statistics: some of them today, some still to come. */
export function draftHistory(scene: Scene, today: Today): void {
  for (const online of today.online) draftTodays(scene, online);
  for (const [month, count] of bookedOnline.entries()) {
    for (let drawn = 0; drawn < count; drawn++) draftBookedBefore(scene, month * 30 + scene.chance.between(2, 30));
  }
}

function draftTodays(scene: Scene, { patient, place, departureId }: Today['online'][number]): void {
  const visit = visitSomeDaysBefore(scene, patient, scene.chance.between(8, 20));
  const wish = scene.chance.oneOf(plannable.filter(({ provider }) => provider === place.provider));
  if (!visit) throw new Error('the demo book has no room for a visit');
  draftBooked(
    scene,
    visit,
    { ...wish, minutes: (place.endsAt.getTime() - place.startsAt.getTime()) / 60_000 },
    place,
    place.status,
    departureId,
  );
}

function draftBookedBefore(scene: Scene, daysAgo: number): void {
  const { chance, now, today } = scene;
  const patient = chance.oneOf(others.filter((other) => other.email || other.mobile));
  const visit = visitSomeDaysBefore(scene, patient, daysAgo);
  if (!visit) return;
  const wish = chance.oneOf(plannable);
  const minutes = minutesOf(wish.services);
  for (const day of openDays(addDays(today, chance.between(6, 26) - daysAgo), 15)) {
    const slot = day === today ? null : takeSlot(scene, wish.provider, day, minutes, patient);
    if (!slot) continue;
    const been = slot.endsAt.getTime() < now;
    const departureId = been ? draftDeparture(scene, patient, day, new Date(slot.endsAt.getTime() + 5 * 60_000)) : null;
    draftBooked(scene, visit, { ...wish, minutes }, slot, been ? 'departed' : 'booked', departureId);
    return;
  }
}

type BareVisit = Omit<Visit, 'plannedAppointmentId'>;

function visitSomeDaysBefore(scene: Scene, patient: DemoPatient, daysAgo: number): BareVisit | null {
  for (const day of openDays(addDays(scene.today, 1 - daysAgo), -10)) {
    const visit = pastVisit(scene, patient, day);
    if (visit) return visit;
  }
  return null;
}

function draftBooked(
  scene: Scene,
  visit: BareVisit,
  wish: Omit<PlannedDraft, 'toBeBooked'> & { minutes: number },
  slot: Slot,
  status: TodaysPlace['status'],
  departureOfAppointment: string | null,
): void {
  const language = languageOf(visit.patient);
  const description = descriptionOf(wish, language);
  const overrideMinutes = wish.minutes === minutesOf(wish.services) ? undefined : wish.minutes;
  const [plannedAppointmentId] = draftPlan(
    scene,
    visit.patient,
    description,
    [{ ...wish, overrideMinutes, toBeBooked: true }],
    visit.departedAt,
  );
  const confirmedAt = confirmationOf(scene, visit, slot);
  draftOnlineBooking(scene, {
    ...visit,
    plannedAppointmentId: plannedAppointmentId!,
    slot,
    confirmedAt,
    description,
    status,
    departureOfAppointment,
  });
}

/** At home in the evening, soon after the visit. */
function confirmationOf({ chance, now, today }: Scene, { departedAt }: BareVisit, slot: Slot): Date {
  const day = addDays(departedAt.toISOString().slice(0, 10), chance.between(0, 4));
  const evening = at(day, chance.between(1060, 1330));
  const inTime = evening.getTime() < now && day < today && evening < slot.startsAt;
  return inTime ? evening : new Date(departedAt.getTime() + 40 * 60_000);
}
