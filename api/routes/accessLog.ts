import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addDays, localDay } from '../../domain/book/rules/localTime.ts';
import {
  type AccessFilter,
  type AccessRow,
  everyAccess,
  patientByNumber,
  readAccess,
  usersInLog,
} from '../../domain/reports/access.ts';
import type { Viewer } from '../../views/reader.ts';
import { AccessLogPage } from '../../views/reports/AccessLogPage.tsx';
import { csvLine, csvMark } from '../csv.ts';
import { dayAsked, optionalUuid } from '../fields.ts';
import { parseQuery } from '../form.ts';
import { managers } from '../roles.ts';

const query = z.object({
  from: dayAsked,
  until: dayAsked,
  user: optionalUuid.catch(null),
  number: z
    .string()
    .trim()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .nullable()
    .catch(null)
    .default(null),
  before: optionalUuid.catch(null),
});

const most = 100;

/** Who opened which patient, on screen and as a file. Patients are asked for by their number: no name stands in an address. */
export async function accessLog(app: FastifyInstance): Promise<void> {
  const { sql } = app;

  app.get('/reports/access', { config: managers }, async (request, reply) => {
    const { filter, patient, before, number } = await asked(request);
    const [log, users] = await Promise.all([
      number !== null && !patient
        ? { rows: [], more: false }
        : readAccess(sql, request.staff, filter, { most, before }),
      usersInLog(sql, request.staff),
    ]);
    return reply.page(AccessLogPage({ viewer: request.viewer, ...filter, number, patient, users, ...log }));
  });

  app.get('/reports/access.csv', { config: managers }, async (request, reply) => {
    const { filter, patient, number } = await asked(request);
    const { viewer, staff } = request;
    if (number !== null && !patient) throw app.httpErrors.notFound();
    return reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="access-${filter.fromDay}-${filter.untilDay}.csv"`)
      .send(Readable.from(fileOf(viewer, everyAccess(sql, staff, filter))));
  });

  async function asked(request: FastifyRequest) {
    const { viewer, staff } = request;
    const { from, until, user, number, before } = parseQuery(query, request.query);
    const untilDay = until ?? localDay(Date.now(), viewer.practice.timeZone);
    const fromDay = from && from <= untilDay ? from : addDays(untilDay, -30);
    const patient = number === null ? null : await patientByNumber(sql, staff, number);
    // Who asks who opened a file is told of that file.
    request.patientOpened = patient?.id ?? null;
    const { timeZone } = viewer.practice;
    const filter: AccessFilter = { timeZone, fromDay, untilDay, userId: user, patientId: patient?.id ?? null };
    return { filter, patient, number, before };
  }
}

async function* fileOf({ t }: Viewer, pages: AsyncIterable<AccessRow[]>): AsyncGenerator<string> {
  const { access } = t;
  yield csvMark +
    csvLine([
      access.at,
      access.user,
      access.role,
      access.number,
      access.patient,
      access.what,
      access.act,
      access.address,
    ]);
  for await (const rows of pages) {
    const cells = rows.map((row) =>
      csvLine([
        row.at.toISOString(),
        row.userName,
        t.layout.roles[row.role],
        String(row.patientNumber),
        row.patientName,
        access.parts[row.what],
        access.acts[row.act],
        row.address,
      ]),
    );
    yield cells.join('');
  }
}
