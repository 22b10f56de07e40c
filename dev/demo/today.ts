import type { ProviderKey, ServiceKey } from './house.ts';
import { cast, type DemoPatient, others } from './people.ts';
import { at, type Scene, type Slot, takeExactly } from './scene.ts';
import { draftAppointment, draftDeparture, languageOf, titleOf } from './writing.ts';

/** Today's columns: start in minutes after local midnight, what is done. Their lengths are what a practice would plan, not the sums. */
const columns: Record<ProviderKey, [start: number, minutes: number, service: ServiceKey][]> = {
  dentist: [
    [480, 20, 'checkUp'],
    [500, 40, 'filling'],
    [540, 20, 'checkUp'],
    [560, 70, 'rootCanal'],
    [630, 20, 'consultation'],
    [650, 30, 'crownFitting'],
    [690, 20, 'checkUp'],
    [710, 40, 'filling'],
    [795, 30, 'extraction'],
    [825, 20, 'checkUp'],
    [845, 90, 'crown'],
    [935, 45, 'largeFilling'],
    [990, 30, 'filling'],
  ],
  secondDentist: [
    [510, 30, 'extraction'],
    [540, 20, 'checkUp'],
    [560, 45, 'largeFilling'],
    [605, 20, 'consultation'],
    [630, 60, 'crown'],
    [690, 30, 'filling'],
    [795, 60, 'crown'],
    [865, 60, 'rootCanal'],
    [925, 55, 'largeFilling'],
    [1010, 40, 'filling'],
  ],
  hygienist: [
    [540, 45, 'cleaning'],
    [585, 30, 'cleaning'],
    [615, 45, 'gumScreening'],
    [670, 40, 'cleaning'],
    [780, 45, 'cleaning'],
    [825, 30, 'fluoride'],
    [860, 45, 'gumScreening'],
    [915, 45, 'cleaning'],
    [970, 45, 'cleaning'],
  ],
};

export interface TodaysPlace extends Slot {
  service: ServiceKey;
  status: 'departed' | 'did_not_attend' | 'in_chair' | 'arrived' | 'booked';
}

/** How many have come early for each. */
const waiting: Record<ProviderKey, number> = { dentist: 1, secondDentist: 2, hygienist: 1 };

/**
 * The places of today's book with the states that fit the time. With every provider somebody is in the chair and somebody
 * has arrived, also before the first and after the last hour: so there is always somebody to depart.
 */
export function placesOf(today: string, now: number): TodaysPlace[] {
  return (Object.keys(columns) as ProviderKey[]).flatMap((provider) => {
    const slots = columns[provider].map(([start, minutes, service]) => ({
      provider,
      service,
      day: today,
      startsAt: at(today, start),
      endsAt: at(today, start + minutes),
    }));
    const begun = slots.filter((slot) => slot.startsAt.getTime() <= now).length - 1;
    const inChair = Math.min(Math.max(begun, 0), slots.length - 1 - waiting[provider]);
    return slots.map((slot, index) => ({
      ...slot,
      status: statusOf(index - inChair, waiting[provider], provider === 'secondDentist' && index === 3),
    }));
  });
}

function statusOf(afterChair: number, arrived: number, stayedAway: boolean): TodaysPlace['status'] {
  if (afterChair < 0) return stayedAway ? 'did_not_attend' : 'departed';
  if (afterChair === 0) return 'in_chair';
  return afterChair <= arrived ? 'arrived' : 'booked';
}

export interface Today {
  /** Left, with plans To Be Booked; not both where the day has only begun. */
  left: { patient: DemoPatient; departureId: string; departedAt: Date }[];
  /** Appointments that were booked online, still without their bookings. */
  online: { patient: DemoPatient; place: TodaysPlace; departureId: string | null }[];
}

/** Fills today's book: those whose plans show something sit in the chairs and in the waiting room, the rest around them. */
export function fillToday(scene: Scene): Today {
  const places = placesOf(scene.today, scene.now);
  const whose = castToday(places, scene);
  const departures = new Map<DemoPatient, string>();
  const result: Today = { left: [], online: [] };
  for (const place of places) {
    const patient = whose.get(place)!;
    takeExactly(scene, place, patient);
    const departed = place.status === 'departed';
    const departedAt = new Date(Math.min(place.endsAt.getTime() + 4 * 60_000, scene.now));
    if (departed && !departures.has(patient))
      departures.set(patient, draftDeparture(scene, patient, scene.today, departedAt));
    const departureId = departed ? departures.get(patient)! : null;
    if (isOnline(place, patient)) {
      result.online.push({ patient, place, departureId });
    } else {
      const description = titleOf(place.service, languageOf(patient));
      draftAppointment(scene, place, patient, {
        status: place.status,
        description,
        departureId,
        createdAt: new Date(scene.now - 20 * 86_400_000),
      });
    }
    if (departureId && isLeaving(patient)) result.left.push({ patient, departureId, departedAt });
  }
  return result;
}

const isLeaving = (patient: DemoPatient) => patient === cast.leftWithBoth || patient === cast.leftWithMobile;

/** Which of a column's appointments were booked online. */
const bookedOnline: Record<ProviderKey, number[]> = { dentist: [3, 9, 11], secondDentist: [], hygienist: [1, 6, 7] };

function isOnline(place: TodaysPlace, patient: DemoPatient): boolean {
  const starts = bookedOnline[place.provider].map((index) =>
    at(place.day, columns[place.provider][index]![0]).getTime(),
  );
  return (
    starts.includes(place.startsAt.getTime()) && others.includes(patient) && Boolean(patient.email || patient.mobile)
  );
}

/** Who has which place. */
function castToday(places: TodaysPlace[], { chance }: Scene): Map<TodaysPlace, DemoPatient> {
  const whose = new Map<TodaysPlace, DemoPatient>();
  const give = (place: TodaysPlace | undefined, patient: DemoPatient) => place && whose.set(place, patient);
  const free = (provider: ProviderKey, status: TodaysPlace['status']) =>
    places.filter((place) => place.provider === provider && place.status === status && !whose.has(place));
  giveTwoVisits(places, whose);
  give(free('dentist', 'arrived')[0], cast.zeroExpectedTime);
  give(free('secondDentist', 'in_chair')[0], cast.readyForLink);
  give(free('secondDentist', 'arrived')[0], cast.providerNotOnline);
  give(free('secondDentist', 'arrived')[0], cast.severalPlanned);
  give(free('hygienist', 'in_chair')[0], cast.twoWeeksInterval);
  give(free('hygienist', 'arrived')[0], cast.withoutContacts);
  give(free('dentist', 'departed').at(-1) ?? free('dentist', 'booked')[0], cast.leftWithBoth);
  give(free('hygienist', 'departed').at(-1) ?? free('hygienist', 'booked')[0], cast.leftWithMobile);
  give(free('secondDentist', 'booked')[0] ?? free('secondDentist', 'departed')[0], cast.notTicked);

  const rest = chance.shuffled(others);
  for (const place of places) if (!whose.has(place)) whose.set(place, rest.pop()!);
  return whose;
}

/** In the dentist's chair now, and with the hygienist just before, or after where the day is young. */
function giveTwoVisits(places: TodaysPlace[], whose: Map<TodaysPlace, DemoPatient>): void {
  const now = places.find((place) => place.provider === 'dentist' && place.status === 'in_chair')!;
  const others = places.filter(
    (place) => place.provider === 'hygienist' && (place.status === 'departed' || place.status === 'booked'),
  );
  const before = others.filter((place) => place.endsAt <= now.startsAt).at(-1);
  const second = before ?? others.find((place) => place.startsAt >= now.endsAt)!;
  if (second.status === 'departed') second.status = 'in_chair';
  whose.set(now, cast.twoVisitsToday);
  whose.set(second, cast.twoVisitsToday);
}
