import type { BuiltPractice } from '../builders.ts';
import { buildDeparting, buildVisit } from '../efforts.ts';
import type { FreshDatabase } from '../engines/database.ts';
import { appointment, block, bookForms } from './rightForms/book.ts';
import { chartForms, plannedForm } from './rightForms/chart.ts';
import { departureForms } from './rightForms/departures.ts';
import type { RightForms } from './rightForms/form.ts';
import { openBookingForms } from './rightForms/openBookings.ts';
import { bookedOnline, held, patientLinkForms } from './rightForms/patientLinks.ts';
import { patientForms, sessionForms } from './rightForms/people.ts';
import { settingsForms } from './rightForms/settings.ts';

/** For each route that writes. A route that is missing here is not tried: everyRoute/roles.test.ts asks for it. */
export const rightForms: RightForms = {
  ...patientLinkForms,
  ...bookForms,
  ...departureForms,
  ...openBookingForms,
  ...patientForms,
  ...chartForms,
  ...settingsForms,
  ...sessionForms,
};

/** A practice's day in full: a row of every kind that a page can show. */
export async function fillPractice(db: FreshDatabase, built: BuiltPractice): Promise<void> {
  await bookedOnline(db, built);
  const {
    patient: { id: patientId },
  } = await held(db, built);
  await db.sql`
    insert into inbound_texts (practice_id, patient_id, sender, body, carrier_id)
    values (${built.practice.id}, ${patientId}, '+31600000009', 'Could it be later?', gen_random_uuid())`;
  await db.sql`
    insert into message_templates (practice_id, kind, channel, language, subject, body, changed_by)
    values (${built.practice.id}, 'link', 'email', 'en', 'A time for you', 'Choose: {link}', ${built.users.manager.id})`;
  await buildDeparting(db, built);
  const { patient } = await plannedForm(db, built);
  await buildVisit(db, built, patient.id);
  await appointment(db, built);
  await block(db, built);
}
