import type { FastifyInstance } from 'fastify';
import { accessLog } from './accessLog.ts';
import { answers } from './answers.ts';
import { appointments } from './appointments.ts';
import { blocks } from './blocks.ts';
import { book } from './book.ts';
import { bookings } from './bookings.ts';
import { chart } from './chart.ts';
import { departures } from './departures.ts';
import { departureTasks } from './departureTasks.ts';
import { followUp } from './followUp.ts';
import { inbox } from './inbox.ts';
import { live } from './live.ts';
import { onlineAppointments } from './onlineAppointments.ts';
import { openBookings } from './openBookings.ts';
import { patientData } from './patientData.ts';
import { patients } from './patients.ts';
import { preferences } from './preferences.ts';
import { providers } from './providers.ts';
import { reports } from './reports.ts';
import { settings } from './settings.ts';
import { signIn } from './signIn.ts';
import { subscriptions } from './subscriptions.ts';

/** One file a resource. */
export async function routes(app: FastifyInstance): Promise<void> {
  await app.register(accessLog);
  await app.register(answers);
  await app.register(appointments);
  await app.register(blocks);
  await app.register(book);
  await app.register(bookings);
  await app.register(chart);
  await app.register(departures);
  await app.register(departureTasks);
  await app.register(followUp);
  await app.register(inbox);
  await app.register(live);
  await app.register(onlineAppointments);
  await app.register(openBookings);
  await app.register(patientData);
  await app.register(patients);
  await app.register(preferences);
  await app.register(providers);
  await app.register(reports);
  await app.register(settings);
  await app.register(signIn);
  await app.register(subscriptions);
}
