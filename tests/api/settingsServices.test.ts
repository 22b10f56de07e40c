import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { built, db, manager, refuses, useSettings } from './settingsDesk.ts';

useSettings();

describe('services', () => {
  const fields = { code: 'K1', nameEn: 'Crown', nameNl: 'Kroon', estimatedTime: '1:15', active: true };

  it('are added and changed, with an Estimated Time that may be zero', async () => {
    expect((await manager.post('/settings/services', fields)).statusCode).toBe(303);
    const page = (await manager.get('/settings/services')).body;
    expect(page).toContain('1:15');
    const [, id] = /services\/([0-9a-f-]{36})"[^>]*>K1/.exec(page)!;
    await manager.post(`/settings/services/${id}`, { ...fields, estimatedTime: '0:00', active: false });
    const [service] = await db.database.select().from(tables.services).where(eq(tables.services.id, id!));
    expect(service).toMatchObject({ code: 'K1', estimatedMinutes: 0, active: false });
  });

  it('refuse what does not fit', async () => {
    const cases: [string, string, string][] = [
      ['code', '', 'This is required.'],
      ['code', 'K 1', 'This value does not fit.'],
      ['code', 'x1', 'Another service has this code.'],
      ['nameNl', '', 'This is required.'],
      ['estimatedTime', '45', 'hours and minutes'],
      ['estimatedTime', '25:00', 'at most 8 hours'],
      ['estimatedTime', '', 'This is required.'],
    ];
    await refuses('/settings/services', fields, cases, 'value="Crown"');
    await refuses(`/settings/services/${built.services[0]!.id}`, fields, cases, 'value="Crown"');
    expect((await manager.get('/settings/services')).body).not.toContain('Crown');
  });
});
