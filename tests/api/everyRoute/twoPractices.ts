import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type Browser, buildTestApp, signIn } from '../../desk.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { type KnownRoute, routeCollector } from '../knownRoutes.ts';
import { fillPractice, rightForms } from '../rightForms.ts';

/** Stands in every name of the other practice. */
export const mark = 'Elsewhere';
export const nobody = '00000000-0000-7000-8000-000000000000';
/** Routes whose answer does not end are left to their own test. */
export const endless = new Set(['/live']);

export let db: FreshDatabase;
export let app: FastifyInstance;
export let own: BuiltPractice;
export let other: BuiltPractice;
/** All routes there are, as the application registers them: a new one is tried by itself. */
export let routes: KnownRoute[];
export let withoutToken: string[];
export let manager: Browser;

/** Two practices with a row of every kind, and the manager of the first one. */
export function useTwoPractices(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    const collector = routeCollector();
    app = await buildTestApp(db, {}, { onRoute: collector.onRoute });
    ({ routes, withoutToken } = collector);
    own = await buildPractice(db);
    other = await buildPractice(db, { name: `${mark} Dental`, shortName: mark, emailSenderName: mark });
    await fillPractice(db, own);
    await fillPractice(db, other);
    await markNames();
    manager = await signIn(app, own.users.manager);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

/** Of those that write only the ones with a right form: the test of the forms names the others. */
export const staffRoutes = () =>
  routes.filter(({ method, url, roles }) => roles !== null && (method === 'GET' || url in rightForms));
export const withIds = (method: 'GET' | 'POST') =>
  staffRoutes().filter(
    (route) => route.method === method && /:\w*(id|Id)\b/.test(route.url) && !endless.has(route.url),
  );
export const filled = (url: string, id: string) => url.replaceAll(/:\w*(id|Id)\b/g, id).replaceAll(/:\w+/g, '0');

/** Each id of an address by turns, the others being ours. */
export function addressesWith(url: string, id: string): string[] {
  if (!url.includes(':locationId')) return [filled(url, id)];
  return [
    filled(url.replace(':locationId', own.location.id), id),
    filled(url.replace(':id', own.providers[0]!.id), id),
  ];
}

export async function markNames(): Promise<void> {
  const { id } = other.practice;
  for (const [table, column] of Object.entries({
    patients: 'last_name',
    providers: 'name',
    chairs: 'name',
    locations: 'name',
    services: 'name_en',
    users: 'name',
    treatment_plans: 'name',
    planned_appointments: 'description',
  })) {
    await db.sql.unsafe(
      `update ${table} set ${column} = '${mark} ' || ${column} where practice_id = '${id}' and ${column} not like '${mark}%'`,
    );
  }
}

/** Ids of a practice's rows, of every table that has them. */
export async function idsOf(practiceId: string, ofEach: number): Promise<string[]> {
  const found = await db.sql<{ name: string }[]>`
    select i.table_name as name from information_schema.columns i join information_schema.columns p using (table_schema, table_name)
    where i.table_schema = 'public' and i.column_name = 'id' and i.data_type = 'uuid' and p.column_name = 'practice_id'`;
  const rows = await Promise.all(
    found.map(({ name }) =>
      db.sql.unsafe<{ id: string }[]>(
        `select id from ${name} where practice_id = '${practiceId}' order by id limit ${ofEach}`,
      ),
    ),
  );
  return [practiceId, ...rows.flat().map(({ id }) => id)];
}
