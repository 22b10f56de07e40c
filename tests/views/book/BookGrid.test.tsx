import { describe, expect, it } from 'vitest';
import { BookGrid, type GridProps } from '../../../views/book/BookGrid.tsx';
import type { EntryView } from '../../../views/book/Entry.tsx';
import { rendered, viewerAs, wordsOf } from '../reader.ts';

const midnight = Date.parse('2026-11-24T00:00:00+01:00');
const at = (minute: number) => new Date(midnight + minute * 60_000);

function entry(patientName: string, from: number, until: number, more: Partial<EntryView> = {}): EntryView {
  return {
    id: patientName.toLowerCase(),
    kind: 'appointment',
    status: 'booked',
    online: false,
    overlap: false,
    from,
    until,
    lane: 1,
    lanes: 1,
    copy: 0,
    startsAt: at(from),
    endsAt: at(until),
    bookedAt: at(0),
    patientId: 'patient',
    patientName,
    birthDate: '1986-03-14',
    providerName: 'Dr Noor Beekman',
    chairName: 'Chair 1',
    colour: null,
    description: 'Crown 45',
    note: '',
    blockReason: null,
    departureId: null,
    isToday: true,
    dayHasCome: true,
    ...more,
  };
}

function grid(entries: EntryView[], more: Partial<GridProps> = {}) {
  return rendered(
    <BookGrid
      viewer={viewerAs()}
      day="2026-11-24"
      today="2026-11-24"
      by="provider"
      who="all"
      from={480}
      until={1080}
      now={null}
      columns={[{ id: 'noor', name: 'Dr Noor Beekman', colour: 1, closed: [{ from: 750, until: 795 }], entries }]}
      {...more}
    />,
  );
}

describe('the book’s grid', () => {
  it('is a list by column, then time', () => {
    const columns = ['Noor', 'Olle'].map((name) => ({
      id: name,
      name,
      colour: 1,
      closed: [],
      entries: [entry(`First of ${name}`, 500, 530), entry(`Second of ${name}`, 530, 560)],
    }));
    const titles = grid([], { columns }).querySelectorAll('.entry .title').map(wordsOf);
    expect(titles).toEqual(['First of Noor', 'Second of Noor', 'First of Olle', 'Second of Olle']);
  });

  it('places an entry by its start and makes it as tall as it is long', () => {
    const { classNames } = grid([entry('Robin', 560, 605)]).querySelector('#entry-robin')!;
    expect(classNames).toContain('at-16');
    expect(classNames).toContain('len-9');
  });

  it('says who, when, with whom, where and what', () => {
    const words = wordsOf(grid([entry('Robin', 560, 605)]).querySelector('#entry-robin'));
    for (const part of ['Robin', '09:20', '10:05', 'Crown 45', 'Dr Noor Beekman', 'Chair 1', 'born 14/03/1986']) {
      expect(words).toContain(part);
    }
  });

  it.each([
    ['arrived', 'Arrived'],
    ['in_chair', 'In the Chair'],
    ['departed', 'Departure'],
    ['did_not_attend', 'Did not attend'],
  ] as const)('shows %s by a sign and a word', (status, word) => {
    const state = grid([entry('Robin', 560, 605, { status })]).querySelector('.state')!;
    expect(state.querySelector('svg')).not.toBeNull();
    expect(wordsOf(state)).toBe(word);
  });

  it('marks what was booked online, with its details at hand', () => {
    const mark = grid([entry('Robin', 560, 605, { online: true })]).querySelector('.online-mark')!;
    expect(mark.getAttribute('tabindex')).toBe('0');
    expect(mark.getAttribute('aria-label')).toContain('booked online by the patient');
    expect(wordsOf(mark.querySelector('.tip'))).toContain('Robin');
    expect(grid([entry('Robin', 560, 605)]).querySelector('.online-mark')).toBeNull();
  });

  it('draws the line of now where the time is, and on no other day', () => {
    const [time, line] = grid([], { now: 687 }).querySelectorAll('[data-now]');
    expect(wordsOf(time!)).toBe('11:27');
    expect(line!.classNames).toBe('now at-41 len-1 past-2');
    expect(grid([]).querySelectorAll('[data-now]')).toEqual([]);
  });

  it('lets the desk drag what can be moved, and providers nothing', () => {
    const entries = [entry('Robin', 560, 605), entry('Gone', 605, 630, { status: 'departed' })];
    expect(
      grid(entries)
        .querySelectorAll('[data-move]')
        .map(({ id }) => id),
    ).toEqual(['entry-robin']);
    expect(grid(entries, { viewer: viewerAs('provider') }).querySelectorAll('[data-move], [data-desk]')).toEqual([]);
  });

  it('offers a departure for today only', () => {
    const departure = (more: Partial<EntryView>) =>
      grid([entry('Robin', 560, 605, more)]).querySelector('a[href="/book/appointments/robin/departure"]');
    expect(departure({})).not.toBeNull();
    expect(departure({ isToday: false })).toBeNull();
  });

  it('offers to undo a departure of today, to providers too', () => {
    const undo = (more: Partial<EntryView>, viewer = viewerAs()) =>
      grid([entry('Robin', 560, 605, more)], { viewer }).querySelector('form[action="/departures/departure/undo"]');
    const departed = { status: 'departed', departureId: 'departure' } as const;
    expect(undo({})).toBeNull();
    for (const role of ['receptionist', 'provider', 'manager'] as const) {
      expect(wordsOf(undo(departed, viewerAs(role)))).toBe('Undo the departure');
    }
    expect(wordsOf(undo(departed, viewerAs('receptionist', 'nl')))).toBe('Vertrek ongedaan maken');
    expect(undo({ ...departed, isToday: false })).toBeNull();
    // Departed anew since it was drawn.
    const anew = grid([entry('Robin', 560, 605, { ...departed, departureId: 'later' })]);
    expect(anew.querySelector('form[action="/departures/later/undo"]')).not.toBeNull();
  });

  it('says so when nobody works', () => {
    expect(wordsOf(grid([], { columns: [] }))).toContain('Nobody works here on this day.');
  });
});

describe('an entry that is drawn again', () => {
  const token = (html: ReturnType<typeof grid>) =>
    html.querySelector('#entry-robin input[name=_csrf]')!.getAttribute('value');

  it('carries the forms’ token of whoever reads it now', () => {
    const draw = (csrf: string) =>
      token(grid([entry('Robin', 560, 605)], { viewer: { ...viewerAs(), csrf: () => csrf } }));
    expect([draw('mine'), draw('theirs')]).toEqual(['mine', 'theirs']);
  });

  it('speaks the reader’s language, shows the reader’s role, and what has changed', () => {
    const draw = (viewer = viewerAs(), more: Partial<EntryView> = {}) =>
      wordsOf(grid([entry('Robin', 560, 605, more)], { viewer }).querySelector('#entry-robin'));
    expect(draw()).toContain('born 14/03/1986');
    expect(draw(viewerAs('receptionist', 'nl'))).not.toContain('born');
    expect(draw(viewerAs('provider'))).not.toBe(draw());
    expect(draw(viewerAs(), { note: 'Afraid of drills' })).toContain('Afraid of drills');
    expect(draw()).not.toContain('drills');
  });
});
