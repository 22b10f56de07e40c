import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildAppointment, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

type Fields = Record<string, string | boolean | string[]>;

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;
let app: FastifyInstance;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
});
beforeEach(async () => {
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
  manager = await signIn(app, built.users.manager);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const practice = async () =>
  (await db.database.select().from(tables.practices).where(eq(tables.practices.id, built.practice.id)))[0]!;

/** What a browser sends of an untouched practice, but for a few fields. */
const filled = (more: Fields = {}): Fields => ({
  name: 'Canal Dentists',
  shortName: 'Canal',
  phone: '+31 20 000 0000',
  email: 'desk@example.org',
  language: 'en',
  appointmentWorkflow: true,
  onlineAppointmentsTab: true,
  attentionEmail: true,
  defaultIntervalDays: '1',
  linkValidityDays: '14',
  reminderDays: '3, 8',
  reminderMinute: '10:00',
  holdMinutes: '10',
  quietFromMinute: '20:00',
  quietUntilMinute: '08:00',
  smsSender: '',
  otherChannel: true,
  emailSenderName: 'Canal Dentists',
  shortestUsefulMinutes: '15',
  recordYears: '20',
  messageMonths: '12',
  ...more,
});

/** Every page and every form of the settings, with ids of a practice. */
const routesOf = ({ location, providers, chairs, services, users }: BuiltPractice) => {
  const hours = `/settings/providers/${providers[0]!.id}/working-hours/${location.id}`;
  const ones = [
    `/settings/locations/${location.id}`,
    `/settings/providers/${providers[0]!.id}`,
    hours,
    `/settings/chairs/${chairs[0]!.id}`,
    `/settings/services/${services[0]!.id}`,
    `/settings/users/${users.receptionist.id}`,
  ];
  const forms = [
    ...ones,
    `/settings/providers/${providers[0]!.id}/online-booking`,
    `/settings/users/${users.receptionist.id}/password`,
  ];
  return { ones, forms };
};
const sections = ['practice', 'locations', 'providers', 'chairs', 'services', 'users'];
const news = ['locations', 'providers', 'chairs', 'services', 'users'].map((one) => `/settings/${one}/new`);

describe('the settings', () => {
  it('open for managers, in both languages, with what can be set beside each page', async () => {
    expect((await manager.get('/settings')).headers.location).toBe('/settings/practice');
    const words = { en: ['Locations', 'Working hours'], nl: ['Locaties', 'Werktijden'] };
    for (const language of ['en', 'nl'] as const) {
      await db.database.update(tables.users).set({ language }).where(eq(tables.users.id, built.users.manager.id));
      const paths = [...sections.map((one) => `/settings/${one}`), ...news, ...routesOf(built).ones];
      for (const path of paths) {
        const { statusCode, body } = await manager.get(path);
        expect([path, statusCode]).toEqual([path, 200]);
        expect(body).toContain(words[language][0]);
      }
      expect((await manager.get(`/settings/providers/${built.providers[0]!.id}`)).body).toContain(words[language][1]);
    }
  });

  it('open for nobody else', async () => {
    for (const user of [built.users.provider, built.users.receptionist]) {
      const other = await signIn(app, user);
      const { ones, forms } = routesOf(built);
      for (const path of ['/settings', ...sections.map((one) => `/settings/${one}`), ...news, ...ones])
        expect([path, (await other.get(path)).statusCode]).toEqual([path, 403]);
      for (const path of ['/settings/practice', ...news.map((one) => one.replace('/new', '')), ...forms])
        expect([path, (await other.post(path, filled())).statusCode]).toEqual([path, 403]);
    }
  });

  it('know no id of another practice', async () => {
    const { ones, forms } = routesOf(elsewhere);
    for (const path of ones) expect([path, (await manager.get(path)).statusCode]).toEqual([path, 404]);
    const forMany: Record<string, Fields> = {
      locations: { name: 'Mine', street: 'Weg 1', postalCode: '1', city: 'Hier', phone: '030 000 0000' },
      providers: { name: 'Mine', colour: '1', daysAhead: '9', earliestNoticeMinutes: '0', chair: [] },
      chairs: { name: 'Mine', position: '1' },
      services: { code: 'MINE', nameEn: 'Mine', nameNl: 'Mijn', estimatedTime: '0:10' },
      users: { name: 'Mine', email: 'mine@example.org', role: 'provider', language: 'en' },
    };
    for (const path of forms) {
      const fields = path.endsWith('/password')
        ? { password: 'a long enough password' }
        : path.includes('/working-hours/')
          ? {}
          : path.endsWith('/online-booking')
            ? { daysAhead: '9', earliestNoticeMinutes: '0' }
            : path.includes('/providers/')
              ? { name: 'Mine', colour: '1' }
              : forMany[path.split('/')[2]!]!;
      expect([path, (await manager.post(path, fields)).statusCode]).toEqual([path, 404]);
    }
    const mixed = `/settings/providers/${built.providers[0]!.id}/working-hours/${elsewhere.location.id}`;
    expect((await manager.get(mixed)).statusCode).toBe(404);
    expect((await manager.post(mixed, { day1: '8:00-9:00' })).statusCode).toBe(404);
    const hours = await db.database.select().from(tables.workingHours);
    expect(hours.filter(({ fromMinute }) => fromMinute === 480)).toEqual([]);
    const named =
      await db.sql`select name from locations where name = 'Mine' union select name from providers where name = 'Mine'
      union select name from chairs where name = 'Mine' union select name_en from services where name_en = 'Mine' union select name from users where name = 'Mine'`;
    expect([...named]).toEqual([]);
  });

  it('render what was typed as text', async () => {
    const script = '<script>alert(1)</script>';
    await manager.post('/settings/chairs', {
      name: script,
      position: '3',
      active: true,
      locationId: built.location.id,
    });
    const { body } = await manager.get('/settings/chairs');
    expect(body).not.toContain(script);
    expect(body).toContain('&lt;script>');
  });

  it('lead back to the page where a form of its own address stands', async () => {
    const provider = `/settings/providers/${built.providers[0]!.id}`;
    const user = `/settings/users/${built.users.receptionist.id}`;
    expect((await manager.get(`${provider}/online-booking`)).headers.location).toBe(provider);
    expect((await manager.get(`${user}/password`)).headers.location).toBe(user);
  });
});

describe('the practice', () => {
  it('is saved as filled in, and said so', async () => {
    const { statusCode, headers } = await manager.post(
      '/settings/practice',
      filled({
        name: ' New name ',
        email: '',
        language: 'nl',
        onlineAppointmentsTab: false,
        defaultIntervalDays: '14',
        reminderDays: '8 2,8',
        reminderMinute: '9:30',
        smsSender: 'Canal 24',
        otherChannel: false,
        quietFromMinute: '21:00',
      }),
    );
    expect([statusCode, headers.location]).toEqual([303, '/settings/practice']);
    expect(await practice()).toMatchObject({
      name: 'New name',
      email: null,
      language: 'nl',
      onlineAppointmentsTab: false,
      defaultIntervalDays: 14,
      reminderDays: [2, 8],
      reminderMinute: 570,
      smsSender: 'Canal 24',
      otherChannel: false,
      quietFromMinute: 1260,
      quietUntilMinute: 480,
    });
    const { body } = await manager.get('/settings/practice');
    expect(body).toContain('Saved.');
    expect(body).toContain('value="2, 8"');
    expect((await manager.get('/settings/practice')).body).not.toContain('Saved.');
  });

  it.each([
    ['name', '', 'This is required.'],
    ['name', 'x'.repeat(81), 'This is too long.'],
    ['shortName', '牙科', 'An SMS can’t carry these letters.'],
    ['phone', 'call us', 'This is not a telephone number.'],
    ['phone', '12', 'This is not a telephone number.'],
    ['email', 'desk@', 'This is not an email address.'],
    ['language', 'de', 'Choose one of the list.'],
    ['defaultIntervalDays', '8', 'Choose one of the list.'],
    ['linkValidityDays', '0', 'too small or too large'],
    ['linkValidityDays', '91', 'too small or too large'],
    ['linkValidityDays', 'two', 'not a whole number'],
    ['reminderDays', 'soon', 'Write whole days'],
    ['reminderDays', '0', 'Write whole days'],
    ['reminderDays', '1,2,3,4,5,6', 'Write whole days'],
    ['reminderDays', '3, 15', 'before the link expires'],
    ['reminderMinute', '24:00', 'hours and minutes'],
    ['reminderMinute', '10 am', 'hours and minutes'],
    ['holdMinutes', '1', 'too small or too large'],
    ['quietFromMinute', '', 'hours and minutes'],
    ['smsSender', '+3160000', 'At most 11 letters'],
    ['smsSender', '12345', 'At most 11 letters'],
    ['smsSender', 'Tandartsen 24', 'This is too long.'],
    ['emailSenderName', 'Canal <desk@example.org>', 'sender’s name'],
    ['shortestUsefulMinutes', '-5', 'too small or too large'],
    ['recordYears', '0', 'too small or too large'],
    ['messageMonths', '61', 'too small or too large'],
  ])('refuses %s %j at its field, kept as filled', async (field, value, error) => {
    const { statusCode, body } = await manager.post('/settings/practice', filled({ name: 'Kept', [field]: value }));
    expect(statusCode).toBe(422);
    expect(body).toContain(error);
    expect(body).toContain(`id="field-${field}-error"`);
    if (field !== 'name') expect(body).toContain('value="Kept"');
    expect((await practice()).name).toBe(built.practice.name);
  });

  it('says it in Dutch to who reads Dutch, and keeps unticked boxes unticked', async () => {
    await db.database.update(tables.users).set({ language: 'nl' }).where(eq(tables.users.id, built.users.manager.id));
    const { body } = await manager.post('/settings/practice', filled({ phone: 'bel', onlineAppointmentsTab: false }));
    expect(body).toContain('Dit is geen telefoonnummer.');
    expect(body).not.toMatch(/name="onlineAppointmentsTab"[^>]*checked/);
  });

  it('keeps its time zone, and takes no field that it does not know', async () => {
    const { statusCode, body } = await manager.post('/settings/practice', filled({ timeZone: 'Asia/Tokyo' }));
    expect(statusCode).toBe(422);
    expect(body).toContain('This form has changed.');
    expect((await practice()).timeZone).toBe(built.practice.timeZone);
  });

  it('without the Appointment Workflow brings no tasks at a departure, and shows no task list', async () => {
    const patient = await buildPatient(db, built);
    await buildPlanned(db, built, patient.id);
    expect((await manager.get('/book')).body).toContain('href="/departure-tasks"');
    await manager.post('/settings/practice', filled({ appointmentWorkflow: false }));
    const visit = await buildAppointment(db, built, patient.id);
    const planned = await manager.get(`/book/appointments/${visit.id}/departure`);
    const names = [...planned.body.matchAll(/name="([^"]+)"/g)].map(([, name]) => name!);
    const ticks = Object.fromEntries(names.filter((name) => name.startsWith('toBeBooked')).map((name) => [name, true]));
    await manager.post(`/book/appointments/${visit.id}/departure`, { ...ticks, nothing: 'on' });
    const departures = await db.database
      .select()
      .from(tables.departures)
      .where(eq(tables.departures.patientId, patient.id));
    const tasks = await db.database
      .select()
      .from(tables.departureTasks)
      .where(eq(tables.departureTasks.practiceId, built.practice.id));
    expect([departures.length, tasks.length]).toEqual([1, 0]);
    expect((await manager.get('/book')).body).not.toContain('href="/departure-tasks"');
  });

  it('without the Online Appointments tab neither shows nor answers it', async () => {
    expect((await manager.get('/book')).body).toContain('href="/online-appointments"');
    await manager.post('/settings/practice', filled({ onlineAppointmentsTab: false }));
    expect((await manager.get('/book')).body).not.toContain('href="/online-appointments"');
    expect((await manager.get('/online-appointments')).statusCode).toBe(404);
    await manager.post('/settings/practice', filled());
    expect((await manager.get('/online-appointments')).statusCode).toBe(200);
  });
});
