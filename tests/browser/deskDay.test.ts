import { and, eq } from 'drizzle-orm';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAppointment } from '../../domain/book/appointments.ts';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { type BuiltPractice, buildAppointment, buildPatient, buildPlanned, inDays } from '../builders.ts';
import { buildDeparting, buildSent } from '../efforts.ts';
import { browserIn, eitherWay, openSite, practiceIn, type Site } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

const { bookEntries, bookings, followUps, messages } = tables;
const nameOf = ({ firstName, lastName }: { firstName: string; lastName: string }) => `${firstName} ${lastName}`;

describe.each(eitherWay)('the desk’s day, in %s, with scripts: %s', (language, javaScriptEnabled) => {
  const t = texts(language);
  let built: BuiltPractice;
  let desk: Page;

  beforeAll(async () => {
    built = await practiceIn(site, language);
    desk = await site.signIn(built.users.receptionist.email, {
      ...browserIn(language, javaScriptEnabled),
      viewport: { width: 1440, height: 1000 },
    });
  });
  afterEach(() => expect(site.complaints).toEqual([]));
  afterAll(() => desk?.context().close());

  const at = (days: number, minute: number) => inDays(built, days, minute);
  const dayIn = (days: number) => localDay(at(days, 720).getTime(), built.practice.timeZone);
  const entriesOf = (patient: { id: string }) =>
    site.db.database
      .select()
      .from(bookEntries)
      .where(and(eq(bookEntries.patientId, patient.id), eq(bookEntries.kind, 'appointment')));
  const bookingOf = async (id: string) =>
    (await site.db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!;
  const onFollowUp = async (id: string) =>
    (await site.db.database.select().from(followUps).where(eq(followUps.bookingId, id)))[0]!;

  const said = (words: string) => desk.locator('.flash', { hasText: words }).waitFor();
  const gone = (what: Locator) => what.waitFor({ state: 'detached' });
  const entry = (id: string) => desk.locator(`#entry-${id}`);
  const task = (patient: { firstName: string; lastName: string }) =>
    desk.locator('.task', { hasText: nameOf(patient) });
  const row = (patient: { firstName: string; lastName: string }) =>
    desk.locator('.follow-up-row', { hasText: nameOf(patient) });
  const within = () => desk.locator('#window');
  const field = (label: string) => within().getByLabel(label, { exact: true });
  const press = (name: string, where = within()) => where.getByRole('button', { name, exact: true }).click();
  const follow = (name: string, where: Locator) => where.getByRole('link', { name }).click();

  async function openCard(card: Locator) {
    if ((await card.locator('details').getAttribute('open')) === null) await card.locator('summary').click();
  }

  async function openFollowUp(category: string) {
    await follow(t.layout.followUp, desk.locator('#tabs'));
    await follow(category, desk.locator('.filters'));
    await desk.locator('.filters [aria-current]', { hasText: category }).waitFor();
  }

  it('makes an appointment, moves and lengthens it, notes who came and who did not, and cancels it', async () => {
    const patient = await buildPatient(site.db, built);
    await desk.goto('/book');
    await follow(t.book.newAppointment, desk.getByRole('main'));
    const box = within().getByRole('searchbox');
    await box.fill(patient.lastName);
    if (!javaScriptEnabled) await box.press('Enter');
    await follow(nameOf(patient), within());
    await field(t.book.start).fill('10:00');
    await field(t.book.length).fill('0:30');
    await field(t.book.provider).selectOption({ label: 'Dr Noor Beekman' });
    await field(t.book.description).fill('Loose crown');
    await press(t.book.make);
    await said(t.layout.notices.booked);
    const made = await entriesOf(patient);
    expect(made).toMatchObject([{ startsAt: at(0, 600), endsAt: at(0, 630), status: 'booked' }]);
    const { id } = made[0]!;
    await entry(id).getByText('Loose crown').first().waitFor();

    await openCard(entry(id));
    await follow(t.book.edit, entry(id));
    await field(t.book.start).fill('11:15');
    await field(t.book.length).fill('0:45');
    await field(t.book.provider).selectOption({ label: 'Sam Winter' });
    await press(t.common.save);
    await said(t.layout.notices.moved);
    expect(await entriesOf(patient)).toMatchObject([
      { startsAt: at(0, 675), endsAt: at(0, 720), providerId: built.providers[1]!.id },
    ]);

    for (const status of ['arrived', 'in_chair', 'booked', 'did_not_attend', 'booked'] as const) {
      await openCard(entry(id));
      await press(t.book.statuses[status], entry(id));
      const word = entry(id).locator('.state');
      await (status === 'booked' ? gone(word) : word.filter({ hasText: t.book.statuses[status] }).waitFor());
      expect(await entriesOf(patient)).toMatchObject([{ status }]);
    }

    await openCard(entry(id));
    await follow(t.book.edit, entry(id));
    await within().getByText(`${t.book.cancel}…`).click();
    await press(t.book.cancel);
    await said(t.layout.notices.cancelled);
    await gone(entry(id));
    expect(await entriesOf(patient)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('opens a file for who is new on the telephone, and books the time that was pointed at', async () => {
    await desk.goto(`/book?day=${dayIn(2)}`);
    await follow(t.book.newAppointment, desk.getByRole('main'));
    await follow(t.people.newPatient, within());
    await desk.getByRole('heading', { name: t.people.newPatient }).waitFor();
    for (const [label, typed] of [
      [t.people.firstName, 'Noa'],
      [t.people.lastName, 'Nieuwkoop'],
      [t.people.birthDate, '2001-02-03'],
    ] as const)
      await desk.getByLabel(label, { exact: true }).fill(typed);
    await press(t.common.save, desk.getByRole('main'));
    await within().getByText('Noa Nieuwkoop').waitFor();
    expect(await field(t.book.date).inputValue()).toBe(dayIn(2));
    await field(t.book.start).fill('12:00');
    await press(t.book.make);
    await said(t.layout.notices.booked);
    const [patient] = await site.db.database
      .select()
      .from(tables.patients)
      .where(and(eq(tables.patients.practiceId, built.practice.id), eq(tables.patients.lastName, 'Nieuwkoop')));
    expect(await entriesOf(patient!)).toMatchObject([{ startsAt: at(2, 720), status: 'booked' }]);
  });

  it('closes the house over an appointment after a warning, notes an absence, and gives its time back', async () => {
    const { id: patientId } = await buildPatient(site.db, built);
    await site.db.database.transaction((tx) =>
      makeAppointment(tx, built.staff, {
        locationId: built.location.id,
        patientId,
        providerId: built.providers[0]!.id,
        chairId: built.chairs[0]!.id,
        startsAt: at(1, 600),
        minutes: 30,
        description: '',
        note: '',
        overlapAllowed: false,
        twiceAllowed: false,
      }),
    );
    await desk.goto('/book');
    await follow(t.book.dayAfter, desk.getByRole('main'));
    await desk.getByRole('heading', { name: formats(language, 'UTC').longDayOf(dayIn(1)) }).waitFor();
    await follow(t.book.newBlock, desk.getByRole('main'));
    await field(t.book.reason).selectOption({ label: t.book.blockReasons.closure });
    await field(t.book.fromTime).fill('9:00');
    await field(t.book.untilTime).fill('12:00');
    await press(t.book.block);
    await within().getByText(t.book.standing(1)).waitFor();
    await within().getByLabel(t.book.blockAnyway).check();
    await press(t.book.block);
    await said(t.layout.notices.blocked);
    const column = (provider: number) => desk.locator(`[data-column="${built.providers[provider]!.id}"] .entry.block`);
    for (const provider of [0, 1]) await column(provider).getByText(t.book.blockReasons.closure).first().waitFor();

    await follow(t.book.newBlock, desk.getByRole('main'));
    await field(t.book.reason).selectOption({ label: t.book.blockReasons.absence });
    await field(t.book.provider).selectOption({ label: 'Sam Winter' });
    await field(t.book.fromTime).fill('14:00');
    await field(t.book.untilTime).fill('13:00');
    await press(t.book.block);
    await within().getByText(t.problems.fields.time_order).waitFor();
    await field(t.book.untilTime).fill('16:00');
    await field(t.book.note).fill('Course');
    await press(t.book.block);
    const absence = column(1).filter({ hasText: 'Course' });
    await absence.waitFor();
    expect(await column(0).count()).toBe(1);

    await openCard(absence);
    await press(t.book.unblock, absence);
    await gone(absence);
    const blocks = await site.db.database
      .select()
      .from(bookEntries)
      .where(and(eq(bookEntries.practiceId, built.practice.id), eq(bookEntries.kind, 'block')))
      .orderBy(bookEntries.id);
    expect(blocks).toMatchObject([
      { blockReason: 'closure', providerId: null, startsAt: at(1, 540), endsAt: at(1, 720), status: 'booked' },
      { blockReason: 'absence', startsAt: at(1, 840), endsAt: at(1, 960), status: 'cancelled' },
    ]);
  });

  it('takes a departure back: the task is gone, the patient sits again', async () => {
    const patient = await buildPatient(site.db, built);
    await buildPlanned(site.db, built, patient.id);
    const { id } = await buildAppointment(site.db, built, patient.id, 780, 1);
    await desk.goto('/book');
    await openCard(entry(id));
    await follow(t.book.depart, entry(id));
    await within()
      .getByRole('heading', { name: t.departures.departureOf(nameOf(patient)) })
      .waitFor();
    await press(t.common.ok);
    await said(t.layout.notices.departed);
    await entry(id).locator('.state', { hasText: t.book.statuses.departed }).waitFor();
    await press(t.departures.undoDeparture, task(patient));
    await said(t.layout.notices.departure_undone);
    await gone(task(patient));
    await entry(id).locator('.state', { hasText: t.book.statuses.in_chair }).waitFor();
    expect(await site.db.database.select().from(bookings).where(eq(bookings.patientId, patient.id))).toMatchObject([
      { state: 'undone' },
    ]);
  });

  it('books from a task: at a time that fits, and at the first free one', async () => {
    const [chosen, first] = [await buildDeparting(site.db, built), await buildDeparting(site.db, built)];
    const f = formats(language, built.practice.timeZone);
    await desk.goto('/book');
    await follow(t.departures.bookAtDesk, task(chosen.patient));
    await within()
      .getByRole('heading', { name: t.departures.gapsTitle(nameOf(chosen.patient)) })
      .waitFor();
    // The first day that the interval allows, and no earlier.
    expect(await within().locator('.day h2').first().textContent()).toBe(f.longDayOf(dayIn(1)));
    await press(t.departures.bookFor(f.longDayOf(dayIn(1)), '17:15', 'Chair 1'));
    await said(t.layout.notices.booked);

    await desk.goto('/book');
    await press(t.departures.firstFree, task(first.patient));
    await said(t.layout.notices.booked);
    for (const [{ patient, bookingId }, minute] of [[chosen, 1035] as const, [first, 0] as const]) {
      expect((await entriesOf(patient)).filter((one) => one.bookingId === bookingId)).toMatchObject([
        { startsAt: at(1, minute), providerId: built.providers[0]!.id, status: 'booked' },
      ]);
      expect((await bookingOf(bookingId)).state).toBe('booked_at_desk');
    }
    await desk.goto(`/book?day=${dayIn(1)}`);
    for (const { patient } of [chosen, first]) {
      await desk.locator('.entry.appointment', { hasText: nameOf(patient) }).waitFor();
      expect(await task(patient).count()).toBe(0);
    }
  });

  it('is warned where contacts are missing, and collects them: in the window, or on the Patient File', async () => {
    const without = { patient: { email: null, mobile: null } };
    const [one, other] = [await buildDeparting(site.db, built, without), await buildDeparting(site.db, built, without)];
    await desk.goto('/book');
    for (const { patient } of [one, other]) await task(patient).getByText(t.departures.noContactsShort).waitFor();
    await follow(t.departures.onlineBooking, task(one.patient));
    await within().getByText(t.departures.noContacts).waitFor();
    await follow(t.departures.collect, within());
    await field(t.people.mobile).fill('06 123');
    await field(t.people.email).fill('one@example.com');
    await press(t.common.save);
    await within().getByText(t.problems.fields.mobile_invalid).waitFor();
    expect(await field(t.people.email).inputValue()).toBe('one@example.com');
    await field(t.people.mobile).fill('+31600000061');
    await press(t.common.save);
    await said(t.layout.notices.contacts_saved);
    expect(new URL(desk.url()).pathname).toBe('/book');
    await task(one.patient).getByText('+31600000061').waitFor();
    const collect = (patient: typeof one.patient) =>
      task(patient).getByRole('link', { name: t.departures.collect }).count();
    expect(await collect(one.patient)).toBe(0);
    await follow(t.departures.onlineBooking, task(one.patient));
    await within().getByLabel(t.departures.email('one@example.com')).waitFor();
    await follow(t.common.cancel, within());

    await follow(t.departures.onlineBooking, task(other.patient));
    await follow(t.departures.openPatientFile, within());
    const file = desk.getByRole('heading', { name: t.people.editOf(nameOf(other.patient)) });
    await file.waitFor();
    await desk.getByLabel(t.people.email, { exact: true }).fill('other@example.com');
    await press(t.common.save, desk.getByRole('main'));
    await gone(file);
    await desk.goto('/book');
    await task(other.patient).getByText('other@example.com').waitFor();
    expect(await collect(other.patient)).toBe(1);
  });

  it('postpones a task with its reason, and finds it on Follow Up', async () => {
    const { patient, bookingId } = await buildDeparting(site.db, built);
    await desk.goto('/book');
    await follow(t.departures.postpone, task(patient));
    await field(t.departures.dueOn).fill(dayIn(4));
    await press(t.common.ok);
    await within().getByText(t.problems.fields.required).waitFor();
    expect(await field(t.departures.dueOn).inputValue()).toBe(dayIn(4));
    await field(t.departures.reason).fill('Asks at home first');
    await press(t.common.ok);
    await said(t.layout.notices.postponed);
    await gone(task(patient));

    await openFollowUp(t.followUp.categories.postponed);
    await row(patient).getByText('Asks at home first').waitFor();
    expect(await row(patient).textContent()).toContain(t.followUp.dueOn(formats(language, 'UTC').longDayOf(dayIn(4))));
    expect((await bookingOf(bookingId)).state).toBe('postponed');
  });

  it('works Follow Up off: sends again, books at the desk, postpones, is done with a reason', async () => {
    const again = await buildSent(site.db, built, {}, ['sms']);
    const booked = await buildSent(site.db, built);
    const later = await buildSent(site.db, built);
    const done = await buildSent(site.db, built);
    await openFollowUp(t.followUp.categories.olb_link_sent);
    expect(await desk.locator('.follow-up-row').count()).toBe(4);
    expect(await desk.locator('.filters [aria-current] .count').textContent()).toBe('4');

    await follow(t.followUp.resend, row(again.patient));
    const box = (label: string) => within().getByLabel(label);
    await box(t.departures.sms(again.patient.mobile!)).uncheck();
    await box(t.departures.email(again.patient.email!)).uncheck();
    await press(t.departures.send);
    await within().getByText(t.problems.fields.no_channel).waitFor();
    await box(t.departures.sms(again.patient.mobile!)).uncheck();
    await box(t.departures.email(again.patient.email!)).check();
    await press(t.departures.send);
    await said(t.layout.notices.link_sent);
    const written = await site.db.database.select().from(messages).where(eq(messages.bookingId, again.bookingId));
    expect(written.map(({ channel }) => channel).sort()).toEqual(['email', 'sms']);

    await follow(t.departures.bookAtDesk, row(booked.patient));
    await within().locator('.gaps .time').first().click();
    await said(t.layout.notices.booked);
    expect(await entriesOf(booked.patient)).toContainEqual(
      expect.objectContaining({ bookingId: booked.bookingId, status: 'booked' }),
    );

    await desk.goto('/follow-up');
    expect(await row(booked.patient).count()).toBe(0);
    await follow(t.departures.postpone, row(later.patient));
    await field(t.departures.reason).fill('Back from holiday on Monday');
    await field(t.departures.dueOn).fill(dayIn(6));
    await press(t.common.ok);
    await said(t.layout.notices.put_off);
    await row(later.patient).getByText('Back from holiday on Monday').waitFor();
    expect(await onFollowUp(later.bookingId)).toMatchObject({ category: 'olb_link_sent', dueOn: dayIn(6) });

    await follow(t.followUp.done, row(done.patient));
    await press(t.common.ok);
    await within().getByText(t.problems.fields.required).waitFor();
    await field(t.followUp.doneReason).fill('Is treated elsewhere');
    await press(t.common.ok);
    await said(t.layout.notices.follow_up_done);
    await gone(row(done.patient));
    expect(await onFollowUp(done.bookingId)).toMatchObject({ closedReason: 'Is treated elsewhere' });
    expect(await findInconsistencies(site.db.sql, { atRest: false })).toEqual([]);
  });
});
