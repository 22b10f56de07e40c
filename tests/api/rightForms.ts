import type { RouteOptions } from 'fastify';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../domain/messages/automatic.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPlanned, inDays, password, testKeys } from '../builders.ts';
import { buildDeparting, buildSent, buildVisit, tokenFor } from '../efforts.ts';
import type { FreshDatabase } from '../engines/database.ts';

export type Fields = Record<string, string | string[]>;

/** A form that a browser would send and that is accepted, on rows made for it. */
export interface RightForm {
  url: string;
  fields: Fields;
}
type Make = (db: FreshDatabase, built: BuiltPractice) => Promise<RightForm>;

export interface KnownRoute {
  method: 'GET' | 'POST';
  url: string;
  roles: string[] | null;
  unattended: boolean;
}

/** Collects the routes of an application while it is built. HEAD follows its GET. */
export function routeCollector() {
  const routes: KnownRoute[] = [];
  const onRoute = ({ method, url, config }: RouteOptions) => {
    for (const one of [method].flat()) {
      if (one !== 'GET' && one !== 'POST') continue;
      const { roles = null, unattended = false } = config ?? {};
      if (!url.startsWith('/assets/')) routes.push({ method: one as 'GET' | 'POST', url, roles, unattended });
    }
  };
  return { routes, onRoute };
}

let slot = 0;
/** Ever another time in the days after the next few. */
const freeTime = (built: BuiltPractice) => inDays(built, 5 + Math.floor(++slot / 20), (slot % 20) * 60);

async function plannedForm(db: FreshDatabase, built: BuiltPractice) {
  const patient = await buildPatient(db, built);
  const planned = await buildPlanned(db, built, patient.id);
  const fields = {
    toBeBooked: 'on',
    service: [built.services[0]!.id],
    tooth: [''],
    expectedTime: '0:45',
    description: 'Filling',
    note: 'Note',
    providerId: built.providers[1]!.id,
    intervalDays: '7',
  };
  return { patient, planned, fields };
}

const patientFields = (built: BuiltPractice) => ({
  firstName: 'Robin',
  lastNamePrefix: 'van',
  lastName: 'Ziegler',
  birthDate: '1984-05-06',
  email: 'robin@example.com',
  mobile: '+31600000001',
  contactOwner: 'patient',
  language: 'en',
  providerId: built.providers[0]!.id,
  note: 'Note',
});

const deskTime = (built: BuiltPractice) => ({ time: `${freeTime(built).getTime()} ${built.chairs[0]!.id}` });
const week: Fields = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((day) => [`day${day}`, day < 6 ? '09:00-12:00, 13:00-17:00' : '']),
);
const locationFields = (): Fields => ({
  name: 'Mill House',
  street: 'Voorbeeldweg 2',
  postalCode: '1000 AB',
  city: 'Amsterdam',
  phone: '+31 20 000 0001',
  ...week,
});
const chairFields = (): Fields => ({ name: 'Chair 9', position: '9', active: 'on' });
const providerFields = (): Fields => ({ title: 'Dr', name: 'Mika Somers', colour: '3', active: 'on' });
const serviceFields = (): Fields => ({
  code: `S${++slot}`,
  nameEn: 'Scaling',
  nameNl: 'Tandsteen',
  estimatedTime: '0:20',
  active: 'on',
});
const userFields = (built: BuiltPractice): Fields => ({
  name: 'Jo Verhoeven',
  email: `jo.${++slot}.${built.practice.id.slice(-6)}@example.com`,
  role: 'receptionist',
  language: 'nl',
  providerId: '',
  locationId: built.location.id,
  active: 'on',
});

async function location(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { id: _, createdAt: __, ...same } = built.location;
  const [row] = await db.database
    .insert(tables.locations)
    .values({ ...same, name: 'Spare house' })
    .returning();
  return row!.id;
}

async function provider(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const [row] = await db.database
    .insert(tables.providers)
    .values({ practiceId: built.practice.id, name: 'Spare provider' })
    .returning();
  return row!.id;
}

async function user(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { id: _, createdAt: __, ...same } = built.users.receptionist;
  const [row] = await db.database
    .insert(tables.users)
    .values({ ...same, email: `spare.${++slot}.${built.practice.id.slice(-6)}@example.com` })
    .returning();
  return row!.id;
}

const reason = 'Calls back';
const tomorrow = (built: BuiltPractice) => localDay(Date.now() + 2 * 86_400_000, built.practice.timeZone);

async function held(db: FreshDatabase, built: BuiltPractice) {
  const sent = await buildSent(db, built);
  await db.database.transaction((tx) => hold(tx, sent.bookingId, freeTime(built)));
  return sent;
}

const dayOf = (at: Date, built: BuiltPractice) => localDay(at.getTime(), built.practice.timeZone);

function appointmentFields(built: BuiltPractice): Fields {
  const day = dayOf(freeTime(built), built);
  const start = `${String(slot % 20).padStart(2, '0')}:00`;
  return {
    day,
    start,
    length: '0:10',
    provider: built.providers[0]!.id,
    chair: built.chairs[0]!.id,
    description: 'Control',
    note: 'Note',
  };
}

async function entry(
  db: FreshDatabase,
  built: BuiltPractice,
  more: Partial<typeof tables.bookEntries.$inferInsert>,
): Promise<string> {
  const startsAt = more.startsAt ?? freeTime(built);
  const [row] = await db.database
    .insert(tables.bookEntries)
    .values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'booked',
      chairId: built.chairs[0]!.id,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 10 * 60_000),
      ...more,
    })
    .returning();
  return row!.id;
}

async function appointment(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const patientId = (await buildPatient(db, built)).id;
  return `/book/appointments/${await entry(db, built, { patientId, providerId: built.providers[0]!.id })}`;
}

async function todays(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const patientId = (await buildPatient(db, built)).id;
  const startsAt = inDays(built, 0, 30 + (++slot % 40) * 30);
  const providerId = built.providers[0]!.id;
  return `/book/appointments/${await entry(db, built, { patientId, providerId, startsAt, overlapAllowed: true })}`;
}

const block = (db: FreshDatabase, built: BuiltPractice) => entry(db, built, { kind: 'block', blockReason: 'closure' });

const of =
  (
    build: (db: FreshDatabase, built: BuiltPractice) => Promise<string>,
    fields: (built: BuiltPractice) => Fields = () => ({}),
  ): Make =>
  async (db, built) => ({ url: await build(db, built), fields: fields(built) });

const task = async (db: FreshDatabase, built: BuiltPractice) =>
  `/departure-tasks/${(await buildDeparting(db, built)).taskId}`;
const followUp = async (db: FreshDatabase, built: BuiltPractice) =>
  `/follow-up/${(await buildSent(db, built)).followUpId}`;
const below = (path: string, base: typeof task) => async (db: FreshDatabase, built: BuiltPractice) =>
  `${await base(db, built)}${path}`;

/** For each route that writes. A route that is missing here is not tried: isolation.test.ts asks for it. */
export const rightForms: Record<string, Make> = {
  '/a/:token/language': of(
    async (db, built) => `/a/${await appointmentToken(db, built)}/language`,
    () => ({ language: 'nl' }),
  ),
  '/b/:token/language': of(
    async (db, built) => `/b/${(await buildSent(db, built)).token}/language`,
    () => ({ language: 'nl' }),
  ),
  '/b/:token/hold': of(
    async (db, built) => `/b/${(await buildSent(db, built)).token}/hold`,
    (built) => ({ startsAt: String(freeTime(built).getTime()), from: '' }),
  ),
  '/b/:token/hold/extension': of(async (db, built) => `/b/${(await held(db, built)).token}/hold/extension`),
  '/b/:token/confirmation': of(async (db, built) => `/b/${(await held(db, built)).token}/confirmation`),

  '/book/appointments': async (db, built) => ({
    url: '/book/appointments',
    fields: { ...appointmentFields(built), patient: (await buildPatient(db, built)).id },
  }),
  '/book/appointments/:id/edit': of(below('/edit', appointment), appointmentFields),
  '/book/appointments/:id/move': of(below('/move', appointment), (built) => ({
    day: dayOf(freeTime(built), built),
    minute: String((slot % 20) * 60 + 30),
    provider: built.providers[0]!.id,
    chair: built.chairs[0]!.id,
  })),
  '/book/appointments/:id/cancellation': of(below('/cancellation', appointment)),
  '/book/appointments/:id/state': of(below('/state', todays), () => ({ status: 'arrived' })),
  '/book/blocks': of(
    async () => '/book/blocks',
    (built) => {
      const day = dayOf(freeTime(built), built);
      const from = `${String(slot % 20).padStart(2, '0')}:35`;
      const until = `${String(slot % 20).padStart(2, '0')}:40`;
      return {
        reason: 'absence',
        provider: built.providers[0]!.id,
        chair: '',
        day,
        from,
        untilDay: day,
        until,
        note: 'Note',
      };
    },
  ),
  '/book/blocks/:id/cancellation': of(async (db, built) => `/book/blocks/${await block(db, built)}/cancellation`),

  '/book/appointments/:id/departure': async (db, built) => {
    const { patient, planned, fields } = await plannedForm(db, built);
    const { id } = await buildVisit(db, built, patient.id);
    return {
      url: `/book/appointments/${id}/departure`,
      fields: {
        [`book.${planned.id}`]: 'on',
        [`length.${planned.id}`]: fields.expectedTime,
        [`description.${planned.id}`]: fields.description,
        [`note.${planned.id}`]: fields.note,
        [`provider.${planned.id}`]: fields.providerId,
        [`interval.${planned.id}`]: fields.intervalDays,
      },
    };
  },
  '/departures/:id/undo': of(async (db, built) => `/departures/${(await buildDeparting(db, built)).departureId}/undo`),

  '/departure-tasks/:id/link': of(below('/link', task), () => ({ channels: ['sms', 'email'] })),
  '/departure-tasks/:id/contacts': of(below('/contacts', task), () => ({
    mobile: '+31600000002',
    email: 'other@example.com',
    contactOwner: 'parent',
  })),
  '/departure-tasks/:id/postponement': of(below('/postponement', task), (built) => ({
    reason,
    dueOn: tomorrow(built),
  })),
  '/departure-tasks/:id/appointment': of(below('/appointment', task), deskTime),
  '/departure-tasks/:id/taking': of(below('/taking', task)),
  '/departure-tasks/:id/letting-go': of(below('/letting-go', task)),
  '/departure-tasks/:id/first-free': of(below('/first-free', task)),

  '/follow-up/:id/link': of(below('/link', followUp), () => ({ channels: ['email'] })),
  '/follow-up/:id/appointment': of(below('/appointment', followUp), deskTime),
  '/follow-up/:id/postponement': of(below('/postponement', followUp), (built) => ({ reason, dueOn: tomorrow(built) })),
  '/follow-up/:id/done': of(below('/done', followUp), () => ({ reason })),

  '/patients': of(async () => '/patients', patientFields),
  '/patients/:id/edit': of(async (db, built) => `/patients/${(await buildPatient(db, built)).id}/edit`, patientFields),
  '/patients/:id/treatment-plans': of(
    async (db, built) => `/patients/${(await buildPatient(db, built)).id}/treatment-plans`,
    () => ({ name: 'Second plan' }),
  ),
  '/treatment-plans/:id/planned-appointments': async (db, built) => {
    const { planned, fields } = await plannedForm(db, built);
    return { url: `/treatment-plans/${planned.treatmentPlanId}/planned-appointments`, fields };
  },
  '/planned-appointments/:id': async (db, built) => {
    const { planned, fields } = await plannedForm(db, built);
    return { url: `/planned-appointments/${planned.id}`, fields };
  },
  '/planned-appointments/:id/position': of(
    async (db, built) => `/planned-appointments/${(await plannedForm(db, built)).planned.id}/position`,
    () => ({ place: '0' }),
  ),
  '/planned-appointments/:id/deletion': of(
    async (db, built) => `/planned-appointments/${(await plannedForm(db, built)).planned.id}/deletion`,
  ),

  '/settings/practice': of(
    async () => '/settings/practice',
    () => ({
      name: 'Practice',
      shortName: 'Practice',
      phone: '+31 20 000 0000',
      email: 'practice@example.com',
      language: 'en',
      appointmentWorkflow: 'on',
      onlineAppointmentsTab: 'on',
      defaultIntervalDays: '1',
      linkValidityDays: '14',
      reminderDays: '3, 8',
      reminderMinute: '10:00',
      holdMinutes: '10',
      quietFromMinute: '20:00',
      quietUntilMinute: '08:00',
      smsSender: 'Practice',
      emailSenderName: 'Practice',
      shortestUsefulMinutes: '15',
    }),
  ),
  '/settings/locations': of(async () => '/settings/locations', locationFields),
  '/settings/locations/:id': of(
    async (db, built) => `/settings/locations/${await location(db, built)}`,
    locationFields,
  ),
  '/settings/chairs': of(
    async () => '/settings/chairs',
    (built) => ({ ...chairFields(), locationId: built.location.id }),
  ),
  '/settings/chairs/:id': of(async (db, built) => {
    const [row] = await db.database
      .insert(tables.chairs)
      .values({ practiceId: built.practice.id, locationId: built.location.id, name: 'Spare chair', position: 9 })
      .returning();
    return `/settings/chairs/${row!.id}`;
  }, chairFields),
  '/settings/providers': of(async () => '/settings/providers', providerFields),
  '/settings/providers/:id': of(
    async (db, built) => `/settings/providers/${await provider(db, built)}`,
    providerFields,
  ),
  '/settings/providers/:id/online-booking': of(
    async (db, built) => `/settings/providers/${await provider(db, built)}/online-booking`,
    (built) => ({
      bookable: 'on',
      daysAhead: '90',
      earliestNoticeMinutes: '60',
      chair: built.chairs.map(({ id }) => id),
    }),
  ),
  '/settings/providers/:id/working-hours/:locationId': of(
    async (db, built) => `/settings/providers/${await provider(db, built)}/working-hours/${built.location.id}`,
    () => week,
  ),
  '/settings/services': of(async () => '/settings/services', serviceFields),
  '/settings/services/:id': of(async (db, built) => {
    const [row] = await db.database
      .insert(tables.services)
      .values({
        practiceId: built.practice.id,
        code: `N${++slot}`,
        nameEn: 'New',
        nameNl: 'Nieuw',
        estimatedMinutes: 10,
      })
      .returning();
    return `/settings/services/${row!.id}`;
  }, serviceFields),
  '/settings/users': of(
    async () => '/settings/users',
    (built) => ({ ...userFields(built), password: 'a new long password' }),
  ),
  '/settings/users/:id': of(async (db, built) => `/settings/users/${await user(db, built)}`, userFields),
  '/settings/users/:id/password': of(
    async (db, built) => `/settings/users/${await user(db, built)}/password`,
    () => ({ password: 'a new long password' }),
  ),

  '/language': of(
    async () => '/language',
    () => ({ language: 'en', to: '/book' }),
  ),
  '/location': of(
    async () => '/location',
    (built) => ({ locationId: built.location.id, to: '/book' }),
  ),
  '/sign-in': of(
    async () => '/sign-in',
    (built) => ({ email: built.users.manager.email, password, to: '/book' }),
  ),
  '/sign-out': of(async () => '/sign-out'),
  '/lock': of(async () => '/lock'),
};

/** The token of an appointment's own link. */
async function appointmentToken(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  return tokenFor(db, (await bookedOnline(db, built)).bookingId, 'appointment');
}

export async function bookedOnline(db: FreshDatabase, built: BuiltPractice) {
  const sent = await held(db, built);
  await db.database.transaction((tx) => confirm(tx, sent.bookingId));
  await db.database.transaction((tx) => writeAppointment(tx, sent.bookingId));
  await db.database.transaction((tx) => confirmationMessages(tx, testKeys, sent.bookingId));
  return sent;
}

/** A practice's day in full: a row of every kind that a page can show. */
export async function fillPractice(db: FreshDatabase, built: BuiltPractice): Promise<void> {
  await bookedOnline(db, built);
  await held(db, built);
  await buildDeparting(db, built);
  const { patient } = await plannedForm(db, built);
  await buildVisit(db, built, patient.id);
  await appointment(db, built);
  await block(db, built);
}
