import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { type KnownRoute, routeCollector } from './knownRoutes.ts';
import { bookedOnline } from './rightForms/patientLinks.ts';
import { fillPractice, rightForms } from './rightForms.ts';

/** What people write, and what stands on some page. */
const shown = [
  'practices.name',
  'practices.short_name',
  'practices.phone',
  'practices.email',
  'practices.sms_sender',
  'practices.email_sender_name',
  'locations.name',
  'locations.street',
  'locations.postal_code',
  'locations.city',
  'locations.phone',
  'chairs.name',
  'services.code',
  'services.name_en',
  'services.name_nl',
  'providers.title',
  'providers.name',
  'users.name',
  'patients.first_name',
  'patients.last_name_prefix',
  'patients.last_name',
  'patients.email',
  'patients.mobile',
  'patients.note',
  'treatment_plans.name',
  'planned_appointments.description',
  'planned_appointments.note',
  'planned_services.tooth',
  'book_entries.description',
  'book_entries.note',
  'follow_ups.note',
  'inbound_texts.body',
  'message_templates.body',
  'message_templates.subject',
  'messages.recipient',
  'demo_inbox.recipient',
  'demo_inbox.sender',
  'demo_inbox.subject',
  'demo_inbox.body',
];
/** What people write, and no page shows as yet. */
const unseen = [
  'follow_ups.closed_reason',
  'messages.subject',
  'messages.body',
  'messages.html',
  'messages.sender_name',
  'messages.reply_to',
  'demo_inbox.html',
];
/** What no person writes: words of the programs, hashes, carriers' ids. */
const notWritten = [
  'access_entries.address',
  'access_entries.what',
  'attention_letters.body',
  'attention_letters.carrier_id',
  'attention_letters.reason',
  'attention_letters.recipient',
  'attention_letters.subject',
  'audit_entries.action',
  'booking_links.key_id',
  'booking_links.token_hash',
  'busy_days.busy',
  'carrier_events.carrier',
  'carrier_events.id',
  'demo_carriers.mood',
  'demo_inbox.mood',
  'failing_steps.code',
  'failing_steps.reason',
  'failing_steps.step',
  'inbound_texts.carrier_id',
  'inbound_texts.sender',
  'messages.carrier_code',
  'messages.carrier_id',
  'messages.reason',
  'opt_outs.contact',
  'opt_outs.said',
  'practices.time_zone',
  'providers.picture_type',
  'sessions.id_hash',
  'users.email',
  'users.password_hash',
  'workers.build',
  'workers.host',
  'workflow_messages.last_error',
  'workflow_messages.name',
  'workflow_messages.request_id',
  'workflow_messages.trace_parent',
];

/** Breaks out of text, of an attribute and of a script, and says which field it came from. */
const scriptText = (field: string) => `</script><i data-evil="${field}">"' onfocus="evil()`;

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let routes: KnownRoute[];
let manager: Browser;
const seen = new Set<string>();

beforeAll(async () => {
  db = await freshDatabase();
  const collector = routeCollector();
  app = await buildTestApp(db, {}, { onRoute: collector.onRoute });
  routes = collector.routes;
  built = await buildPractice(db);
  await fillPractice(db, built);
  await db.sql`
    insert into demo_inbox (id, channel, recipient, sender, subject, body)
    select uuidv7(), channel::message_channel, 'x', 'x', 'x', 'x' from unnest(array['sms', 'email']) as channel`;
  await writeEverywhere(scriptText);
  manager = await signIn(app, built.users.manager);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** Puts a text into every field that people write. */
async function writeEverywhere(textOf: (field: string) => string): Promise<void> {
  for (const field of [...shown, ...unseen]) {
    const [table, column] = field.split('.') as [string, string];
    const own = column === 'code' ? " || ' ' || right(id::text, 8)" : '';
    await db.sql.unsafe(`update ${table} set ${column} = $1::text ${own}`, [textOf(field)]);
  }
}

async function ids(): Promise<string[]> {
  const tables = await db.sql<{ name: string }[]>`
    select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'id' and data_type = 'uuid'`;
  const rows = await Promise.all(
    tables.map(({ name }) => db.sql.unsafe<{ id: string }[]>(`select id from ${name} order by id limit 2`)),
  );
  return [...new Set(rows.flat().map(({ id }) => id))];
}

/** Nothing of the script text may have come through as anything but text. */
function expectHarmless({ body, headers }: { body: string; headers: Record<string, unknown> }, said: string): void {
  if (!String(headers['content-type'] ?? '').startsWith('text/html')) return;
  expect(body.includes('<i data-evil'), said).toBe(false);
  expect(body.includes('" onfocus="'), said).toBe(false);
  expect(/<script(?! src="\/assets\/)/.test(body), said).toBe(false);
  expect(/\s(href|src|action|formaction|hx-[a-z]+)="\s*(javascript|data|vbscript):/i.test(body), said).toBe(false);
  expect(
    /\son[a-z]+="/i.test(body.replaceAll(/"[^"]*"/g, (value) => (value.includes('&quot;') ? '""' : value))),
    said,
  ).toBe(false);
  for (const [, field] of body.matchAll(/&lt;i data-evil=(?:&quot;|")([a-z_.]+)/g)) seen.add(field!);
}

const filled = (url: string, id: string) =>
  url
    .replace(':locationId', built.location.id)
    .replace(':message', 'link-email')
    .replaceAll(/:\w*(id|Id)\b/g, id)
    .replaceAll(/:\w+/g, '0');

/** The ids that a route has something to show for. */
const fitting = new Map<string, string[]>();

/** All pages as they are, and with a query those without an id. */
async function visitStaffPages(query = '', asFragments = true): Promise<void> {
  const all = await ids();
  for (const { method, url } of routes) {
    if (method !== 'GET' || url === '/live' || url.includes(':token') || (query && url.includes(':'))) continue;
    const found: string[] = [];
    for (const id of url.includes(':') ? (fitting.get(url) ?? all) : ['']) {
      for (const partial of asFragments ? [false, true] : [false]) {
        const answer = await manager.get(`${filled(url, id)}${query}`, { partial });
        expect(answer.statusCode, url).toBeLessThan(500);
        expectHarmless(answer, `${url} ${partial}`);
        if (answer.statusCode === 404) break;
        if (!partial) found.push(id);
      }
    }
    fitting.set(url, found);
  }
}

async function visitPatientPages(): Promise<void> {
  const browser = visitor(app);
  const look = async (url: string) => {
    const answer = await browser.get(url);
    expect(answer.statusCode, url).toBeLessThan(500);
    expectHarmless(answer, url);
    return answer;
  };
  const { token } = await buildSent(db, built);
  await writeEverywhere(scriptText);
  await look(`/b/${token}`);
  const start = inDays(built, 40, 600).getTime();
  expect((await browser.post(`/b/${token}/hold`, { startsAt: start })).statusCode).toBe(303);
  await look(`/b/${token}/confirmation`);
  expect((await browser.post(`/b/${token}/confirmation`)).statusCode).toBe(303);
  expect((await look(`/b/${token}/confirmation`)).body).toContain('appointment.ics');
  expectHarmless(await visitor(app).get(`/b/${token}`), 'a closed link');
  const booked = await bookedOnline(db, built);
  await writeEverywhere(scriptText);
  await look(`/a/${await tokenFor(db, booked.bookingId, 'appointment')}`);
  for (const wrong of [encodeURIComponent(scriptText('url')), 'javascript:alert(1)']) await look(`/b/${wrong}`);
}

describe('stored script text', () => {
  it('is tried in every field that there is', async () => {
    const columns = await db.sql<{ field: string }[]>`
      select table_name || '.' || column_name as field from information_schema.columns
      where table_schema = 'public' and data_type in ('text', 'character varying') order by 1`;
    expect(columns.map(({ field }) => field)).toEqual([...shown, ...unseen, ...notWritten].sort());
  });

  it('is shown as the text that it is, on every page that shows it', async () => {
    await visitStaffPages();
    await visitPatientPages();
    await visitStaffPages(
      `?q=${encodeURIComponent(scriptText('query'))}&to=${encodeURIComponent(scriptText('query'))}`,
    );
    expect(shown.filter((field) => !seen.has(field))).toEqual([]);
  });

  it('comes back harmless in a form that was refused', async () => {
    let echoed = 0;
    for (const { method, url } of routes) {
      if (method !== 'POST' || !(url in rightForms)) continue;
      const form = await rightForms[url]!(db, built);
      const fields = Object.fromEntries(
        Object.entries(form.fields).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.map(() => scriptText('typed')) : scriptText('typed'),
        ]),
      );
      for (const partial of [false, true]) {
        const answer = await manager.post(
          form.url,
          { ...fields, [scriptText('name')]: scriptText('typed') },
          { partial },
        );
        expect([403, 409, 422], url).toContain(answer.statusCode);
        expectHarmless(answer, url);
        if (answer.body.includes('data-evil=&quot;typed')) echoed++;
      }
    }
    expect(echoed).toBeGreaterThan(10);
  });

  it('stays text in emails and calendar files', async () => {
    const { bookingId } = await bookedOnline(db, built);
    const messages =
      await db.sql`select kind, channel, html, body, attachments from messages where booking_id = ${bookingId}`;
    expect(messages).toHaveLength(4);
    for (const { html, channel } of messages) {
      if (channel === 'sms') continue;
      expect(html).toContain('&#60;i data-evil');
      expect(html).not.toContain('<i data-evil');
      expect(html).not.toContain('" onfocus="');
    }
  });
});

describe('an address that would run as a script', () => {
  it('never becomes a link, from whichever field it comes', async () => {
    await writeEverywhere(() => 'javascript:alert(1)');
    await visitStaffPages('', false);
    await visitStaffPages(
      '?back=javascript:alert(1)&to=javascript:alert(1)&from=javascript:alert(1)&q=javascript:alert(1)',
    );
    const { token } = await buildSent(db, built);
    await writeEverywhere(() => 'javascript:alert(1)');
    for (const url of [`/b/${token}`, `/b/${token}?from=javascript:alert(1)`, '/sign-in?to=javascript:alert(1)']) {
      expectHarmless(await visitor(app).get(url), url);
    }
  });

  it('is followed by no redirect', async () => {
    for (const to of [
      'javascript:alert(1)',
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '/%0d%0aset-cookie:x=1',
    ]) {
      const answer = await manager.post('/language', { language: 'en', to });
      expect(answer.headers.location ?? '/').toMatch(/^\/(?![/\\])/);
      expect(answer.headers.location ?? '').not.toMatch(/[\r\n]/);
    }
  });
});
