import type { FastifyInstance } from 'fastify';
import { changesOf } from '../../domain/book/appointments.ts';
import { readChosenTime } from '../../domain/bookings/visit.ts';
import { calendarAttachment } from '../../domain/messages/calendar.ts';
import { AppointmentPage } from '../../views/patientLinks/AppointmentPage.tsx';
import { facts, frame, isTheirs, showUnknown, visitOf, type WithToken } from '../patientVisit.ts';
import { open } from '../roles.ts';

/** What a patient sees and takes along of their appointment. */
export async function patientAppointment(app: FastifyInstance): Promise<void> {
  for (const at of ['a', 'b']) {
    app.get<WithToken>(`/${at}/:token/appointment.ics`, { config: open }, async (request, reply) => {
      const visit = await visitOf(request);
      const chosen = visit && (await readChosenTime(app.sql, visit.bookingId));
      const booked = chosen && ['confirmed', 'booked', 'arrived', 'in_chair'].includes(chosen.status);
      if (!booked || (visit.purpose === 'choose' && !isTheirs(request, visit, chosen)))
        return showUnknown(request, reply);
      const { practiceName: name, phone, practiceEmail: email, place } = visit;
      const file = calendarAttachment({
        id: chosen.entryId,
        sequence: await changesOf(app.database, visit.bookingId),
        language: frame(request, visit).reader.language,
        practice: { name, phone, email },
        provider: `${chosen.providerTitle} ${chosen.providerName}`.trim(),
        place,
        startsAt: chosen.startsAt,
        endsAt: chosen.endsAt,
      });
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${file.filename}"`)
        .type(file.contentType)
        .send(file.content);
    });
  }

  app.get<WithToken>('/a/:token', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'appointment') return showUnknown(request, reply);
    const chosen = await readChosenTime(app.sql, visit.bookingId);
    const stands = chosen?.kind === 'appointment' && chosen.status !== 'cancelled';
    return reply.page(AppointmentPage({ ...frame(request, visit), appointment: stands ? facts(visit, chosen) : null }));
  });
}
