import { type DemoPatient, cast, others } from './people.ts';
import { type ProviderKey, providers, type ServiceKey } from './house.ts';
import { at, type Scene, type Slot, takeExactly } from './scene.ts';
import { draftAppointment, draftDeparture, languageOf, titleOf } from './writing.ts';

/** Today's columns: start in minutes after local midnight, what is done. Their lengths are what a practice would plan, not the sums. */
const columns: Record<ProviderKey, [start: number, minutes: number, service: ServiceKey][]> = {
  dentist: [
    [480, 20, 'checkUp'], [500, 40, 'filling'], [540, 20, 'checkUp'], [560, 70, 'rootCanal'], [630, 20, 'consultation'],
    [650, 30, 'crownFitting'], [690, 20, 'checkUp'], [710, 40, 'filling'],
    [795, 30, 'extraction'], [825, 20, 'checkUp'], [845, 60, 'crown'], [915, 20, 'checkUp'], [935, 45, 'largeFilling'], [990, 30, 'filling'],
  ],
  secondDentist: [
    [510, 30, 'extraction'], [540, 20, 'checkUp'], [560, 45, 'largeFilling'], [605, 20, 'consultation'], [630, 60, 'crown'], [690, 30, 'filling'],
    [795, 20, 'checkUp'], [815, 40, 'filling'], [865, 60, 'rootCanal'], [925, 20, 'checkUp'], [950, 30, 'crownFitting'], [1010, 40, 'filling'],
  ],
  hygienist: [
    [540, 45, 'cleaning'], [585, 30, 'cleaning'], [615, 45, 'gumScreening'], [670, 40, 'cleaning'],
    [780, 45, 'cleaning'], [825, 30, 'fluoride'], [860, 45, 'gumScreening'], [915, 45, 'cleaning'], [970, 45, 'cleaning'],
  ],
};

export interface TodaysPlace extends Slot {
  service: ServiceKey;
  status: 'departed' | 'did_not_attend' | 'in_chair' | 'arrived' | 'booked';
}

/** The places of today's book with the states that fit the time; with every provider, one patient is in the chair and the next has arrived, so that there is always someone to depart. */
export function placesOf(today: string, now: number): TodaysPlace[] {
  return (Object.keys(columns) as ProviderKey[]).flatMap((provider) => {
    const slots = columns[provider].map(([start, minutes, service]) => ({
      provider, service, day: today, startsAt: at(today, start), endsAt: at(today, start + minutes),
    }));
    const begun = slots.filter((slot) => slot.startsAt.getTime() <= now).length - 1;
    const inChair = Math.min(Math.max(begun, 0), slots.length - 2);
    return slots.map((slot, index) => ({ ...slot, status: statusOf(index - inChair, provider === 'secondDentist' && index === 3) }));
  });
}

function statusOf(afterChair: number, stayedAway: boolean): TodaysPlace['status'] {
  if (afterChair < 0) return stayedAway ? 'did_not_attend' : 'departed';
  if (afterChair === 0) return 'in_chair';
  return afterChair === 1 ? 'arrived' : 'booked';
}

export interface Today {
  /** Left, with plans To Be Booked; not both where the day has only begun. */
  left: { patient: DemoPatient; departureId: string; departedAt: Date }[];
  /** Appointments that were booked online, still without their bookings. */
  online: { patient: DemoPatient; place: TodaysPlace }[];
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
    if (departed && !departures.has(patient)) departures.set(patient, draftDeparture(scene, patient, scene.today, departedAt));
    const departureId = departed ? departures.get(patient)! : null;
    if (isOnline(place, patient)) {
      result.online.push({ patient, place });
    } else {
      const description = titleOf(place.service, languageOf(patient));
      draftAppointment(scene, place, patient, { status: place.status, description, departureId, createdAt: new Date(scene.now - 20 * 86_400_000) });
    }
    if (departureId && isLeaving(patient)) result.left.push({ patient, departureId, departedAt });
  }
  return result;
}

const isLeaving = (patient: DemoPatient) => patient === cast.leftWithBoth || patient === cast.leftWithMobile;

/** Some of today's later appointments were booked online. */
function isOnline(place: TodaysPlace, patient: DemoPatient): boolean {
  const late = columns[place.provider].slice(-3).map(([start]) => at(place.day, start).getTime());
  return place.status !== 'departed' && providers[place.provider].online && others.includes(patient) && late.includes(place.startsAt.getTime());
}

/** Who has which place. */
function castToday(places: TodaysPlace[], { chance }: Scene): Map<TodaysPlace, DemoPatient> {
  const whose = new Map<TodaysPlace, DemoPatient>();
  const give = (place: TodaysPlace | undefined, patient: DemoPatient) => place && whose.set(place, patient);
  const find = (provider: ProviderKey, status: TodaysPlace['status']) => places.find((place) => place.provider === provider && place.status === status);
  give(find('dentist', 'in_chair'), cast.readyForLink);
  give(find('dentist', 'arrived'), cast.severalPlanned);
  give(find('secondDentist', 'in_chair'), cast.providerNotOnline);
  give(find('secondDentist', 'arrived'), cast.zeroExpectedTime);
  give(find('hygienist', 'in_chair'), cast.twoWeeksInterval);
  give(find('hygienist', 'arrived'), cast.withoutContacts);

  const free = (status: TodaysPlace['status'], provider: ProviderKey) =>
    places.filter((place) => place.status === status && place.provider === provider && !whose.has(place));
  give(free('departed', 'dentist').at(-1) ?? free('booked', 'dentist')[0], cast.leftWithBoth);
  give(free('departed', 'hygienist').at(-1) ?? free('booked', 'hygienist')[0], cast.leftWithMobile);
  give(free('booked', 'secondDentist')[0] ?? free('departed', 'secondDentist')[0], cast.notTicked);
  giveTwoVisits(places, whose);

  const rest = chance.shuffled(others);
  for (const place of places) if (!whose.has(place)) whose.set(place, rest.pop()!);
  return whose;
}
