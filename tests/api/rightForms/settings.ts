import sharp from 'sharp';
import * as tables from '../../../drizzle/schema/index.ts';
import type { BuiltPractice } from '../../builders.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { at, type Fields, form, nextNumber, type RightForms } from './form.ts';

const week: Fields = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((day) => [`day${day}`, day < 6 ? '09:00-12:00, 13:00-17:00' : '']),
);
const locationFields = (): Fields => ({
  name: 'Mill House',
  street: 'Voorbeeldweg 2',
  postalCode: '1000 AB',
  city: 'Amsterdam',
  phone: '+31 20 000 0001',
  ...week,
});
const chairFields = (): Fields => ({ name: 'Chair 9', position: '9', active: 'on' });
/** A PNG of 80 by 80 pixels. */
const onePicture = await sharp({ create: { width: 80, height: 80, channels: 3, background: 'teal' } })
  .png()
  .toBuffer();

const providerFields = (): Fields => ({ title: 'Dr', name: 'Mika Somers', colour: '3', active: 'on' });
const serviceFields = (): Fields => ({
  code: `S${nextNumber()}`,
  nameEn: 'Scaling',
  nameNl: 'Tandsteen',
  estimatedTime: '0:20',
  active: 'on',
});
const userFields = (built: BuiltPractice): Fields => ({
  name: 'Jo Verhoeven',
  email: `jo.${nextNumber()}.${built.practice.id.slice(-6)}@example.com`,
  role: 'receptionist',
  language: 'nl',
  providerId: '',
  locationId: built.location.id,
  active: 'on',
});

async function location(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { id: _, createdAt: __, ...same } = built.location;
  const [row] = await db.database
    .insert(tables.locations)
    .values({ ...same, name: 'Spare house' })
    .returning();
  return row!.id;
}

async function provider(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const [row] = await db.database
    .insert(tables.providers)
    .values({ practiceId: built.practice.id, name: 'Spare provider' })
    .returning();
  return row!.id;
}

async function user(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { id: _, createdAt: __, ...same } = built.users.receptionist;
  const [row] = await db.database
    .insert(tables.users)
    .values({ ...same, email: `spare.${nextNumber()}.${built.practice.id.slice(-6)}@example.com` })
    .returning();
  return row!.id;
}

export const settingsForms: RightForms = {
  '/settings/practice': form(at('/settings/practice'), () => ({
    name: 'Practice',
    shortName: 'Practice',
    phone: '+31 20 000 0000',
    email: 'practice@example.com',
    language: 'en',
    appointmentWorkflow: 'on',
    onlineAppointmentsTab: 'on',
    attentionEmail: 'on',
    defaultIntervalDays: '1',
    linkValidityDays: '14',
    reminderDays: '3, 8',
    reminderMinute: '10:00',
    holdMinutes: '10',
    quietFromMinute: '20:00',
    quietUntilMinute: '08:00',
    smsSender: 'Practice',
    otherChannel: 'on',
    emailSenderName: 'Practice',
    shortestUsefulMinutes: '15',
    recordYears: '20',
    messageMonths: '12',
  })),
  '/settings/locations': form(at('/settings/locations'), locationFields),
  '/settings/locations/:id': form(
    async (db, built) => `/settings/locations/${await location(db, built)}`,
    locationFields,
  ),
  '/settings/chairs': form(at('/settings/chairs'), (built) => ({ ...chairFields(), locationId: built.location.id })),
  '/settings/chairs/:id': form(async (db, built) => {
    const [row] = await db.database
      .insert(tables.chairs)
      .values({ practiceId: built.practice.id, locationId: built.location.id, name: 'Spare chair', position: 9 })
      .returning();
    return `/settings/chairs/${row!.id}`;
  }, chairFields),
  '/settings/providers': form(at('/settings/providers'), providerFields),
  '/settings/providers/:id': form(
    async (db, built) => `/settings/providers/${await provider(db, built)}`,
    providerFields,
  ),
  '/settings/providers/:id/picture': form(
    async (db, built) => `/settings/providers/${await provider(db, built)}/picture`,
    () => ({ picture: onePicture }),
  ),
  '/settings/providers/:id/picture/removal': form(
    async (db, built) => `/settings/providers/${await provider(db, built)}/picture/removal`,
  ),
  '/settings/providers/:id/online-booking': form(
    async (db, built) => `/settings/providers/${await provider(db, built)}/online-booking`,
    (built) => ({
      bookable: 'on',
      daysAhead: '90',
      earliestNoticeMinutes: '60',
      chair: built.chairs.map(({ id }) => id),
    }),
  ),
  '/settings/providers/:id/working-hours/:locationId': form(
    async (db, built) => `/settings/providers/${await provider(db, built)}/working-hours/${built.location.id}`,
    () => week,
  ),
  '/settings/services': form(at('/settings/services'), serviceFields),
  '/settings/services/:id': form(async (db, built) => {
    const [row] = await db.database
      .insert(tables.services)
      .values({
        practiceId: built.practice.id,
        code: `N${nextNumber()}`,
        nameEn: 'New',
        nameNl: 'Nieuw',
        estimatedMinutes: 10,
      })
      .returning();
    return `/settings/services/${row!.id}`;
  }, serviceFields),
  '/settings/messages/:message': form(at('/settings/messages/link-sms'), () => ({
    textEn: `{practice}: {link} ${nextNumber()}`,
    textNl: '{praktijk}: {link}',
  })),
  '/settings/messages/:message/default': form(at('/settings/messages/link-sms/default'), () => ({ language: 'nl' })),
  '/settings/users': form(at('/settings/users'), (built) => ({
    ...userFields(built),
    password: 'a new long password',
  })),
  '/settings/users/:id': form(async (db, built) => `/settings/users/${await user(db, built)}`, userFields),
  '/settings/users/:id/password': form(
    async (db, built) => `/settings/users/${await user(db, built)}/password`,
    () => ({ password: 'a new long password' }),
  ),
};
