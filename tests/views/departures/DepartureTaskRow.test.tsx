import { describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../domain/departures/list.ts';
import { DepartureTaskRow } from '../../../views/departures/DepartureTaskRow.tsx';
import { rendered, viewerAs, wordsOf } from '../reader.ts';

const task: TaskRow = {
  id: 'task',
  bookingId: 'booking',
  locationId: 'here',
  departureId: 'departure',
  openedAt: new Date(Date.now() - 12 * 60_000),
  patientId: 'patient',
  patientName: 'Robin Visser',
  birthDate: '1986-03-14',
  email: 'robin@example.org',
  mobile: '+31600000001',
  plannedAppointmentId: 'planned',
  description: 'Crown 45',
  providerId: 'provider',
  providerName: 'Dr Noor Beekman',
  minutes: 45,
  visitDay: '2026-11-24',
  intervalDays: 7,
  earliestDay: '2026-12-01',
  onlineObstacle: null,
  takenBy: null,
  takenById: null,
  undoable: true,
};

const row = (more: Partial<TaskRow> = {}, role: 'receptionist' | 'manager' = 'receptionist') =>
  rendered(<DepartureTaskRow viewer={viewerAs(role)} task={{ ...task, ...more }} />);

const actions = (element: ReturnType<typeof row>) =>
  element.querySelectorAll('.actions a, .actions button').map(wordsOf);

describe('a row of the Departure Task List', () => {
  it('names patient, birth date, wait, treatment, length, provider, earliest day and contacts', () => {
    const words = wordsOf(row());
    for (const part of [
      'Robin Visser',
      'born 14/03/1986',
      '12 min',
      'Crown 45',
      '0:45',
      'Dr Noor Beekman',
      'from Tuesday 1 December',
      '+31600000001',
      'robin@example.org',
    ]) {
      expect(words).toContain(part);
    }
  });

  it('offers the desk first', () => {
    expect(actions(row())).toEqual([
      'Book in the Appointment Book',
      'First free time',
      'Online booking',
      'Postpone…',
      'Undo the departure',
    ]);
  });

  it('asks for a missing contact before the online button', () => {
    for (const missing of [{ email: null }, { mobile: null }, { email: null, mobile: null }]) {
      const found = actions(row(missing));
      expect(found.indexOf('Collect Email and Mobile')).toBe(found.indexOf('Online booking') - 1);
    }
    expect(actions(row())).not.toContain('Collect Email and Mobile');
  });

  it('says that there is no Expected Time, with the way to the Chart', () => {
    const without = row({ minutes: 0, onlineObstacle: 'no_expected_time' });
    expect(actions(without)).not.toContain('Online booking');
    expect(wordsOf(without)).toContain('the Expected Time is zero');
    expect(without.querySelector('.reason a')!.getAttribute('href')).toBe('/patients/patient/chart');
    expect(without.querySelector('[data-task]')).toBeNull();
  });

  it('says that the provider is not configured, with the way there for those who may', () => {
    const provider = { onlineObstacle: 'not_bookable_online' } as const;
    expect(actions(row(provider))).not.toContain('Online booking');
    expect(wordsOf(row(provider))).toContain('the provider is not configured for it');
    expect(row(provider).querySelector('.reason a')).toBeNull();
    expect(row(provider, 'manager').querySelector('.reason a')!.getAttribute('href')).toBe('/settings/providers');
  });

  it('says that the practice does not use the Appointment Workflow any more, with the way there for those who may', () => {
    const practice = { onlineObstacle: 'no_appointment_workflow' } as const;
    expect(actions(row(practice))).not.toContain('Online booking');
    expect(wordsOf(row(practice))).toContain('the practice does not use the Appointment Workflow');
    expect(row(practice).querySelector('.reason a')).toBeNull();
    expect(row(practice, 'manager').querySelector('.reason a')!.getAttribute('href')).toBe('/settings/practice');
  });

  it('names the colleague who is on it, but not oneself', () => {
    expect(wordsOf(row({ takenBy: 'Hugo', takenById: 'hugo' }))).toContain('Hugo is working on it');
    expect(wordsOf(row({ takenBy: 'Rosie', takenById: 'user' }))).not.toContain('working on it');
  });

  it('cannot be undone once something was sent', () => {
    expect(actions(row({ undoable: false }))).not.toContain('Undo the departure');
  });
});
