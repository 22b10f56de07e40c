import type { FastifyInstance } from 'fastify';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { buildBookedOnline } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let app: FastifyInstance;
let built: BuiltPractice;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db, { timeZone: 'Europe/Amsterdam' });
  app = await buildTestApp(db);
  manager = await signIn(app, built.users.manager);
  // Amsterdam: half past midnight on 1 March is still February in UTC.
  await usage('2026-01-15T10:00:00Z', 0);
  await usage('2026-01-31T22:59:59Z', 0);
  await usage('2026-02-28T23:30:00Z', 0);
  await usage('2026-03-05T10:00:00Z', 1);
  await usage('2026-03-31T21:59:59Z', 1);
  await usage('2026-03-31T22:00:00Z', 1);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

let slot = 20;

/** An online booking that the patient confirmed at an instant. */
async function usage(at: string, provider: number) {
  const startsAt = inDays(built, 5 + Math.floor(slot / 40), (slot++ % 40) * 30);
  return buildBookedOnline(db, built, { startsAt, provider, confirmedAt: new Date(at) });
}

/** The table's rows, cell by cell. */
async function tableOf(query: string, browser = manager) {
  const page = parse((await browser.get(`/reports/feature-usage?${query}`)).body);
  return page.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td').map((cell) => cell.textContent));
}

async function csvOf(query: string, browser = manager) {
  const file = await browser.get(`/reports/feature-usage.csv?${query}`);
  return { ...file, lines: file.body.replace('\ufeff', '').split('\r\n') };
}

describe('the Feature Usage Report', () => {
  it('counts online bookings by month, kind and provider, in the practice’s zone', async () => {
    expect(await tableOf('from=2026-01&until=2026-04')).toEqual([
      ['January 2026', 'Planned Treatment Bookings', 'Dr Noor Beekman', '2'],
      ['March 2026', 'Planned Treatment Bookings', 'Dr Noor Beekman', '1'],
      ['March 2026', 'Planned Treatment Bookings', 'Sam Winter', '2'],
      ['April 2026', 'Planned Treatment Bookings', 'Sam Winter', '1'],
    ]);
  });

  it('counts over the months chosen, both included, and says the total', async () => {
    expect(await tableOf('from=2026-03&until=2026-03')).toHaveLength(2);
    const page = parse((await manager.get('/reports/feature-usage?from=2026-01&until=2026-03')).body);
    expect(page.querySelector('tfoot td')!.textContent).toBe('5');
  });

  it('counts one provider alone', async () => {
    const rows = await tableOf(`from=2026-01&until=2026-04&provider=${built.providers[1]!.id}`);
    expect(rows.map(([month, , provider]) => `${month} ${provider}`)).toEqual([
      'March 2026 Sam Winter',
      'April 2026 Sam Winter',
    ]);
  });

  it('counts the same appointment once', async () => {
    const before = await tableOf('from=2026-01&until=2026-01');
    const [event] = await db.database.select().from(tables.usageEvents).limit(1);
    await db.database
      .insert(tables.usageEvents)
      .values({ ...event!, id: undefined })
      .onConflictDoNothing();
    expect(await tableOf('from=2026-01&until=2026-01')).toEqual(before);
  });

  it('draws a bar for every month of the period, also for those without a booking', async () => {
    const page = parse((await manager.get('/reports/feature-usage?from=2026-01&until=2026-04')).body);
    const chart = page.querySelector('svg.bars')!;
    expect(chart.getAttribute('aria-label')).toContain('6 in all');
    expect(chart.querySelectorAll('text.month').map(({ textContent }) => textContent)).toEqual([
      'Jan',
      'Feb',
      'Mar',
      'Apr',
    ]);
    expect(chart.querySelectorAll('text.value').map(({ textContent }) => textContent)).toEqual(['2', '0', '3', '1']);
  });

  it('shows the last twelve months when no period is chosen, or one that does not fit', async () => {
    const month = localDay(Date.now(), built.practice.timeZone).slice(0, 7);
    for (const query of ['', 'from=2026-13&until=yesterday', 'from=x', 'provider=1']) {
      const page = parse((await manager.get(`/reports/feature-usage?${query}`)).body);
      expect(page.querySelector('input[name=until]')!.getAttribute('value')).toBe(month);
      expect(page.querySelectorAll('svg.bars text.month')).toHaveLength(12);
    }
    const twisted = parse((await manager.get('/reports/feature-usage?from=2026-04&until=2026-01')).body);
    expect(twisted.querySelector('input[name=until]')!.getAttribute('value')).toBe('2026-01');
  });

  it('says when there is nothing to count', async () => {
    const { body } = await manager.get('/reports/feature-usage?from=2024-01&until=2024-02');
    expect(body).toContain('No online bookings in this period.');
  });

  it('speaks Dutch to who reads Dutch', async () => {
    const [dutch] = await db.database
      .insert(tables.users)
      .values({ ...built.users.manager, id: undefined, email: 'leiding@example.com', language: 'nl' })
      .returning();
    const browser = await signIn(app, dutch!);
    const page = await browser.get('/reports/feature-usage?from=2026-03&until=2026-03');
    expect(page.body).toContain('Gebruikersinstellingenverslag');
    expect(page.body).toContain('maart 2026');
    expect((await csvOf('from=2026-03&until=2026-03', browser)).lines[0]).toContain('"Behandelaar"');
  });

  it('leaves on paper what belongs there: no head, no filter', async () => {
    const page = parse((await manager.get('/reports/feature-usage')).body);
    expect(page.querySelector('form.filter')!.classList.contains('no-print')).toBe(true);
    const styles = await visitor(app).get(page.querySelector('link[rel=stylesheet]')!.getAttribute('href')!);
    const printed = styles.body.slice(styles.body.indexOf('@media print'));
    expect(printed).toMatch(/\.head,\s*\.no-print,[^{]*\{[^}]*display: none !important/);
  });

  it('is for managers only, and of one’s own practice', async () => {
    for (const user of [built.users.receptionist, built.users.provider]) {
      const browser = await signIn(app, user);
      expect((await browser.get('/reports/feature-usage')).statusCode).toBe(403);
      expect((await browser.get('/reports/feature-usage.csv')).statusCode).toBe(403);
    }
    const other = await buildPractice(db);
    const stranger = await signIn(app, other.users.manager);
    expect(await tableOf('from=2026-01&until=2026-04', stranger)).toEqual([]);
    expect((await csvOf('from=2026-01&until=2026-04', stranger)).lines).toHaveLength(2);
  });
});

describe('the report’s file', () => {
  it('is CSV as RFC 4180 describes it, for the period and provider on screen', async () => {
    const file = await csvOf(`from=2026-03&until=2026-04&provider=${built.providers[1]!.id}`);
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.headers['content-disposition']).toBe('attachment; filename="feature-usage-2026-03-2026-04.csv"');
    expect(file.lines).toEqual([
      '"Month","Kind","Provider","Online bookings"',
      '"2026-03","Planned Treatment Bookings","Sam Winter","2"',
      '"2026-04","Planned Treatment Bookings","Sam Winter","1"',
      '',
    ]);
  });

  it.each([
    ['=HYPERLINK("https://example.com")', `"'=HYPERLINK(""https://example.com"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    [' =1', `"' =1"`],
    ['\n=1', `"'\n=1"`],
    ['Anna "Ann", the first', '"Anna ""Ann"", the first"'],
  ])('disarms and quotes a name such as %j', async (name, cell) => {
    const other = await buildPractice(db);
    await db.database.insert(tables.providers).values({ practiceId: other.practice.id, name: 'Placeholder' });
    const [named] = await db.database
      .insert(tables.providers)
      .values({ practiceId: other.practice.id, title: '', name })
      .returning();
    const { entryId } = await buildBookedOnline(db, other, { startsAt: inDays(other, 5, 600) });
    await db.database
      .insert(tables.usageEvents)
      .values({
        practiceId: other.practice.id,
        kind: 'planned_treatment_booking',
        appointmentId: entryId,
        providerId: named!.id,
      })
      .onConflictDoUpdate({
        target: [tables.usageEvents.kind, tables.usageEvents.appointmentId],
        set: { providerId: named!.id },
      });
    const { body } = await csvOf('', await signIn(app, other.users.manager));
    expect(body).toContain(`,${cell},"1"\r\n`);
  });
});
