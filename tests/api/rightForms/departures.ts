import { localDay } from '../../../domain/book/rules/localTime.ts';
import type { BuiltPractice } from '../../builders.ts';
import { buildDeparting, buildSent, buildVisit } from '../../efforts.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { plannedForm } from './chart.ts';
import { below, form, freeHour, type RightForms } from './form.ts';

const deskTime = (built: BuiltPractice) => ({ time: `${freeHour(built).startsAt.getTime()} ${built.chairs[0]!.id}` });
const reason = 'Calls back';
const tomorrow = (built: BuiltPractice) => localDay(Date.now() + 2 * 86_400_000, built.practice.timeZone);

const task = async (db: FreshDatabase, built: BuiltPractice) =>
  `/departure-tasks/${(await buildDeparting(db, built)).taskId}`;
const followUp = async (db: FreshDatabase, built: BuiltPractice) =>
  `/follow-up/${(await buildSent(db, built)).followUpId}`;
const sentBySms = async (db: FreshDatabase, built: BuiltPractice) =>
  `/follow-up/${(await buildSent(db, built, {}, ['sms'])).followUpId}`;

export const departureForms: RightForms = {
  '/book/appointments/:id/departure': async (db, built) => {
    const { patient, planned, fields } = await plannedForm(db, built);
    const { id } = await buildVisit(db, built, patient.id);
    return {
      url: `/book/appointments/${id}/departure`,
      fields: {
        [`book.${planned.id}`]: 'on',
        [`length.${planned.id}`]: fields.expectedTime,
        [`description.${planned.id}`]: fields.description,
        [`note.${planned.id}`]: fields.note,
        [`provider.${planned.id}`]: fields.providerId,
        [`interval.${planned.id}`]: fields.intervalDays,
      },
    };
  },
  '/departures/:id/undo': form(
    async (db, built) => `/departures/${(await buildDeparting(db, built)).departureId}/undo`,
  ),

  '/departure-tasks/:id/link': form(below('/link', task), () => ({ channels: ['sms', 'email'] })),
  '/departure-tasks/:id/contacts': form(below('/contacts', task), () => ({
    mobile: '+31600000002',
    email: 'other@example.com',
    contactOwner: 'parent',
  })),
  '/departure-tasks/:id/postponement': form(below('/postponement', task), (built) => ({
    reason,
    dueOn: tomorrow(built),
  })),
  '/departure-tasks/:id/appointment': form(below('/appointment', task), deskTime),
  '/departure-tasks/:id/taking': form(below('/taking', task)),
  '/departure-tasks/:id/letting-go': form(below('/letting-go', task)),
  '/departure-tasks/:id/first-free': form(below('/first-free', task)),

  '/follow-up/:id/link': form(below('/link', sentBySms), () => ({ channels: ['email'] })),
  '/follow-up/:id/contacts': form(below('/contacts', followUp), () => ({
    mobile: '+31600000002',
    email: 'other@example.com',
    contactOwner: 'parent',
  })),
  '/follow-up/:id/appointment': form(below('/appointment', followUp), deskTime),
  '/follow-up/:id/postponement': form(below('/postponement', followUp), (built) => ({
    reason,
    dueOn: tomorrow(built),
  })),
  '/follow-up/:id/done': form(below('/done', followUp), () => ({ reason })),
};
