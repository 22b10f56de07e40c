import { describe, expect, it } from 'vitest';
import { signIn } from '../../desk.ts';
import { app, built, useReception } from '../reception.ts';

useReception();

describe('a query', () => {
  it('that cannot be understood is ignored or refused, and never a fault', async () => {
    const manager = await signIn(app, built.users.manager);
    const odd = ['%ff', '%00', 'x'.repeat(3_000), '-1', '9999-99-99', '2026-02-30', "'", '[]', 'null', '%2e%2e'];
    const names = [
      'day',
      'from',
      'until',
      'by',
      'q',
      'provider',
      'category',
      'to',
      'start',
      'chair',
      'patient',
      'choose',
    ];
    const urls = [
      '/book',
      '/patients',
      '/follow-up',
      '/online-appointments',
      '/reports/feature-usage',
      '/reports/feature-usage.csv',
      '/departure-tasks',
      '/sign-in',
      '/book/appointments/new',
      '/book/blocks/new',
      '/b/AAAAAAAAAAAAAAAAAAAAAA',
    ];
    for (const url of urls) {
      for (const value of odd) {
        for (const query of [
          names.map((name) => `${name}=${value}`).join('&'),
          `day=${value}&day=${value}`,
          `${value}=x`,
        ]) {
          const { statusCode, body } = await manager.get(`${url}?${query}`);
          expect([200, 303, 400, 404, 422, 429], `${url}?${query} ${statusCode}`).toContain(statusCode);
          expect(body).not.toMatch(/node_modules|PostgresError|\.ts:\d/);
        }
      }
    }
  });
});
