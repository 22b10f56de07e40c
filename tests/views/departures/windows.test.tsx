import { describe, expect, it } from 'vitest';
import type { PlannedNow } from '../../../domain/departures/plannedNow.ts';
import { DepartureWindow } from '../../../views/departures/DepartureWindow.tsx';
import { NoContactsWarning, SendLinkWindow } from '../../../views/departures/SendLinkWindow.tsx';
import { type FormState, untouched } from '../../../views/reader.ts';
import { rendered, viewerAs, wordsOf } from '../reader.ts';

const planned = (id: string, more: Partial<PlannedNow> = {}): PlannedNow => ({
  id,
  description: `Treatment ${id}`,
  note: '',
  providerId: 'provider',
  providerName: 'Dr Noor Beekman',
  intervalDays: null,
  toBeBooked: false,
  overrideMinutes: null,
  sumMinutes: 40,
  openState: null,
  inBook: false,
  ...more,
});

describe('the window of a departure', () => {
  const shown = (rows: PlannedNow[], form: FormState = untouched) =>
    rendered(
      <DepartureWindow
        viewer={viewerAs()}
        url="/book/appointments/appointment/departure"
        back="/book"
        appointment={{ patientName: 'Robin Visser' }}
        planned={rows}
        providers={[{ id: 'provider', name: 'Dr Noor Beekman' }]}
        defaultIntervalDays={7}
        form={form}
      />,
    );
  const ticked = (window: ReturnType<typeof shown>) =>
    window.querySelectorAll('[type="checkbox"][checked]').map((box) => box.getAttribute('name'));

  it('shows every planned appointment, ticked or not', () => {
    const window = shown([planned('a', { toBeBooked: true }), planned('b')]);
    expect(window.querySelectorAll('fieldset').length).toBe(2);
    expect(ticked(window)).toEqual(['book.a']);
  });

  it('has fields for length, description, note, provider and interval', () => {
    const names = shown([planned('a')])
      .querySelectorAll('input, select, textarea')
      .map((field) => field.getAttribute('name'));
    expect(names).toEqual(['_csrf', 'book.a', 'length.a', 'description.a', 'provider.a', 'interval.a', 'note.a']);
  });

  it('opens the fields of what is not complete', () => {
    const open = (more: Partial<PlannedNow>) =>
      shown([planned('a', more)])
        .querySelector('details')!
        .hasAttribute('open');
    expect(open({})).toBe(false);
    expect(open({ sumMinutes: 0 })).toBe(true);
    expect(open({ providerId: null, providerName: null })).toBe(true);
  });

  it.each([
    ['departing', 'On the Departure Task List'],
    ['link_sent', 'OLB Link Sent'],
    ['confirmed', 'Being completed'],
  ])('leaves alone what is under way, and says how far it is: %s', (openState, words) => {
    const window = shown([planned('a', { openState })]);
    expect(window.querySelector('[name="book.a"]')).toBeNull();
    expect(wordsOf(window.querySelector('.planned.open .badge'))).toBe(words);
  });

  it('asks once when nothing is ticked, and keeps what was typed', () => {
    const window = shown([planned('a', { toBeBooked: true })], {
      submitted: true,
      values: { 'description.a': 'Another word' },
      errors: { form: 'none_ticked' },
    });
    expect(ticked(window)).toEqual([]);
    expect(wordsOf(window.querySelector('[role="alert"]'))).toContain('press OK once more');
    expect(window.querySelector('[name="nothing"]')!.getAttribute('value')).toBe('on');
    expect(window.querySelector('[name="description.a"]')!.getAttribute('value')).toBe('Another word');
  });
});

describe('the window that sends the link', () => {
  const sms = {
    channel: 'sms' as const,
    contact: '+31600000001',
    optedOut: false,
    subject: null,
    segments: 1,
    letters: 120,
    preview: 'Choose a time',
  };
  const email = {
    channel: 'email' as const,
    contact: 'r@example.org',
    optedOut: false,
    subject: 'A time',
    segments: null,
    letters: 300,
    preview: 'Dear Robin',
  };
  const shown = (channels: (typeof sms | typeof email)[], form: FormState = untouched) =>
    rendered(
      <SendLinkWindow viewer={viewerAs()} url="/x" back="/book" patientName="Robin" channels={channels} form={form} />,
    );

  it('has a box for each contact on file only, ticked beforehand', () => {
    const boxes = shown([email]).querySelectorAll('[name="channels"]');
    expect(boxes.map((box) => box.getAttribute('value'))).toEqual(['email']);
    expect(boxes.every((box) => box.hasAttribute('checked'))).toBe(true);
  });

  it('has no tick, no preview and the reason in words where the patient opted out', () => {
    const window = shown([{ ...sms, optedOut: true }, email]);
    const [box, other] = window.querySelectorAll('[name="channels"]');
    expect([box!.hasAttribute('disabled'), box!.hasAttribute('checked')]).toEqual([true, false]);
    expect([other!.hasAttribute('disabled'), other!.hasAttribute('checked')]).toEqual([false, true]);
    expect(wordsOf(window.querySelector('fieldset'))).toContain('the patient wants no SMS');
    expect(wordsOf(window.querySelector('.previews'))).not.toContain('Choose a time');
    expect(window.querySelector('button[type="submit"]')).not.toBeNull();
  });

  it('offers no sending where no channel is left', () => {
    const window = shown([{ ...sms, optedOut: true }]);
    expect(window.querySelector('button[type="submit"]')).toBeNull();
    expect(wordsOf(window)).toContain('No message may be sent.');
  });

  it('says at the boxes that one must be ticked', () => {
    const window = shown([sms, email], { submitted: true, values: {}, errors: { channels: 'no_channel' } });
    const described = window.querySelector('fieldset')!.getAttribute('aria-describedby');
    expect(wordsOf(window.querySelector(`fieldset #${described}`))).toBe('Tick at least one way to send the link.');
    expect(window.querySelectorAll('[name="channels"][checked]')).toEqual([]);
  });
});

it('without contacts both ways out lead back to where the desk was', () => {
  const warning = rendered(
    <NoContactsWarning
      viewer={viewerAs()}
      patientId="patient"
      collectUrl="/departure-tasks/task/contacts"
      back="/book"
    />,
  );
  expect(warning.querySelectorAll('.window-actions a').map((way) => way.getAttribute('href'))).toEqual([
    '/departure-tasks/task/contacts',
    '/patients/patient/edit?back=%2Fbook',
  ]);
});
