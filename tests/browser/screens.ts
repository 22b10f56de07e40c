import type { ExampleIds } from './demoSite.ts';

/** Every page of the staff. */
export const staffPages = (ids: ExampleIds) => [
  '/book',
  '/book?by=chair',
  '/book?day=2031-03-02',
  '/departure-tasks',
  '/follow-up',
  '/bookings',
  '/bookings?attention=1',
  '/online-appointments',
  '/online-appointments?from=2031-03-02&until=2031-03-02',
  '/patients',
  '/patients/new',
  `/patients/${ids.patient}`,
  `/patients/${ids.patient}/edit`,
  `/patients/${ids.patient}/chart`,
  `/patients/${ids.patient}/erasure`,
  '/reports/feature-usage',
  '/reports/access',
  '/settings/practice',
  '/settings/locations',
  '/settings/locations/new',
  `/settings/locations/${ids.location}`,
  '/settings/chairs',
  '/settings/providers',
  '/settings/providers/new',
  `/settings/providers/${ids.provider}`,
  '/settings/services',
  '/settings/messages',
  '/settings/messages/link-sms',
  '/settings/messages/confirmation-email',
  '/settings/users',
  '/inbox',
  '/no-such-page',
];

/** Windows as pages of their own, which is how they come without scripts. */
export const windowsAsPages = (ids: ExampleIds) => [
  `/planned-appointments/${ids.planned}`,
  `/planned-appointments/${ids.planned}/deletion`,
  `/treatment-plans/${ids.plan}`,
  `/treatment-plans/${ids.plan}/deletion`,
  `/settings/chairs/${ids.chair}`,
  `/settings/providers/${ids.provider}/working-hours/${ids.location}`,
  `/settings/services/${ids.service}`,
  '/settings/users/new',
  `/settings/users/${ids.user}`,
];

/** Everything that opens over a page. Most hold a form. */
export const windows = (ids: ExampleIds) => [
  '/book/appointments/new',
  `/book/appointments/new?patient=${ids.patient}`,
  `/book/appointments/${ids.booked}/edit`,
  '/book/blocks/new',
  `/book/appointments/${ids.inChair}/departure`,
  `/bookings/${ids.openBooking}/link`,
  `/bookings/${ids.openBooking}/desk`,
  `/bookings/${ids.openBooking}/closing`,
  `/departure-tasks/${ids.task}/link`,
  `/departure-tasks/${ids.taskWithoutContacts}/link`,
  `/departure-tasks/${ids.task}/gaps`,
  `/departure-tasks/${ids.task}/contacts`,
  `/departure-tasks/${ids.task}/postponement`,
  `/follow-up/${ids.followUp}/link`,
  `/follow-up/${ids.followUp}/gaps`,
  `/follow-up/${ids.followUp}/postponement`,
  `/follow-up/${ids.followUp}/done`,
  `/treatment-plans/${ids.plan}/planned-appointments/new`,
  '/settings/chairs/new',
  '/settings/services/new',
  ...windowsAsPages(ids),
];

/** Pages whose form is sent with nonsense in every field. */
export const pagesWithForms = (ids: ExampleIds) => [
  '/patients/new',
  '/settings/practice',
  '/settings/locations/new',
  '/settings/providers/new',
  `/settings/providers/${ids.provider}`,
  '/settings/messages/link-sms',
  '/settings/messages/link-email',
];

/** Addresses that lead on to another, or whose answer is no page: files, figures, and parts of a page. */
export const noPages = [
  '/',
  '/book/entries/:id',
  '/settings',
  '/settings/users/:id/password',
  '/settings/providers/:id/picture',
  '/settings/providers/:id/online-booking',
  '/reports/access.csv',
  '/reports/feature-usage.csv',
  '/patients/:id/export',
  '/providers/:id/picture',
  '/inbox/:id/attachments/:index',
  '/a/:token/appointment.ics',
  '/b/:token/appointment.ics',
  '/healthz',
  '/readyz',
  '/metrics',
  '/live',
  '/tabs',
  '/patients/:id/messages',
];
