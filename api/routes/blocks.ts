import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cancelBlock, makeBlock } from '../../domain/book/blocks.ts';
import { readEntry } from '../../domain/book/entry.ts';
import { chairChoices } from '../../domain/book/places.ts';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { bookOf, inBook } from '../../views/book/address.ts';
import { BlockWindow } from '../../views/book/BlockWindow.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { dayAsked } from '../fields.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { desk } from '../roles.ts';
import { showWindow } from '../window.ts';
import { blockForm } from './appointmentForms.ts';

const newQuery = z.object({ day: dayAsked });

/** Closures, absences, chairs out of use, and time kept for emergencies. */
export async function blocks(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/book/blocks/new', { config: desk }, async (request, reply) => show(request, reply, untouched));

  leadToForm(app, '/book/blocks', desk, '/book/blocks/new');

  app.post('/book/blocks', { config: desk }, async (request, reply) => {
    const { staff, viewer } = request;
    const { timeZone } = viewer.practice;
    const form = parseForm(blockForm, request.body);
    const made = await submit(form, (value) =>
      database.transaction((tx) =>
        makeBlock(tx, staff, {
          locationId: viewer.location.id,
          providerId: value.provider,
          chairId: value.chair,
          reason: value.reason,
          note: value.note,
          startsAt: new Date(instantAt(value.day, value.from, timeZone)),
          endsAt: new Date(instantAt(value.untilDay, value.until, timeZone)),
          overlapAllowed: value.overlap,
        }),
      ),
    );
    if (!made.ok) return show(request, reply, made, 422);
    if (made.value.taken)
      return show(request, reply, { submitted: true, values: form.values, errors: {} }, 409, made.value.standing);
    return reply.seeOther(
      `${inBook(viewer, '/book', { day: String(form.values.day) })}#entry-${made.value.entryId}`,
      'blocked',
    );
  });

  app.post<{ Params: { id: string } }>('/book/blocks/:id/cancellation', { config: desk }, async (request, reply) => {
    const { staff, params, viewer } = request;
    expectNoFields(request.body);
    await database.transaction((tx) => cancelBlock(tx, staff, params.id));
    if (request.wantsFragment) return reply.code(204).send();
    return reply.seeOther(bookOf(viewer, await readEntry(sql, staff.practiceId, params.id)), 'unblocked');
  });

  async function show(request: FastifyRequest, reply: FastifyReply, form: FormState, status = 200, standing = 0) {
    const { viewer, staff } = request;
    const shown = parseQuery(newQuery, request.query).day ?? localDay(Date.now(), viewer.practice.timeZone);
    const window = BlockWindow({
      viewer,
      day: shown,
      providers: await providerChoices(sql, staff),
      chairs: await chairChoices(sql, staff, viewer.location.id),
      form,
      standing,
    });
    return showWindow(reply, viewer, 'book', viewer.t.book.blockTitle, window, status);
  }
}
