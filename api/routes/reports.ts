import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { readUsage } from '../../domain/reports/usage.ts';
import { FeatureUsagePage } from '../../views/reports/FeatureUsagePage.tsx';
import { csvLine, csvMark } from '../csv.ts';
import { optionalUuid } from '../fields.ts';
import { parseQuery } from '../form.ts';
import { managers } from '../roles.ts';

const month = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
  .nullable()
  .catch(null)
  .default(null);
const query = z.object({ from: month, until: month, provider: optionalUuid.catch(null) });

/** The Feature Usage Report, on screen and as a file. */
export async function reports(app: FastifyInstance): Promise<void> {
  app.get('/reports/feature-usage', { config: managers }, async (request, reply) => {
    const [usage, providers] = await Promise.all([read(request), providerChoices(app.sql, request.staff)]);
    return reply.page(FeatureUsagePage({ viewer: request.viewer, providers, ...usage }));
  });

  app.get('/reports/feature-usage.csv', { config: managers }, async (request, reply) => {
    const { rows, fromMonth, untilMonth } = await read(request);
    const { t } = request.viewer;
    const lines = [
      [t.reports.month, t.followUp.kind, t.reports.provider, t.reports.bookings],
      ...rows.map((row) => [row.month, t.reports.kinds[row.kind], row.providerName, String(row.count)]),
    ];
    return reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="feature-usage-${fromMonth}-${untilMonth}.csv"`)
      .send(csvMark + lines.map(csvLine).join(''));
  });

  async function read({ viewer, query: asked }: FastifyRequest) {
    const { from, until, provider: providerId } = parseQuery(query, asked);
    const { id: practiceId, timeZone } = viewer.practice;
    const thisMonth = localDay(Date.now(), timeZone).slice(0, 7);
    const untilMonth = until ?? thisMonth;
    const fromMonth = from && from <= untilMonth ? from : monthsBefore(untilMonth, 11);
    const rows = await readUsage(app.sql, { practiceId, timeZone, fromMonth, untilMonth, providerId });
    return { rows, fromMonth, untilMonth, providerId, months: monthsFrom(fromMonth, untilMonth) };
  }
}

function monthsBefore(month: string, count: number): string {
  const at = new Date(`${month}-15T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() - count);
  return at.toISOString().slice(0, 7);
}

/** At most ten years of them. */
function monthsFrom(from: string, until: string): string[] {
  const months = [until];
  while (months[0]! > from && months.length < 120) months.unshift(monthsBefore(months[0]!, 1));
  return months;
}
