import { describe, expect, it } from 'vitest';
import { buildAppointment, buildPatient, buildPractice } from '../builders.ts';
import { search, signIn, visitor } from '../desk.ts';
import { app, built, db, desk, useReception } from './reception.ts';

useReception();

const form = {
  firstName: 'Noa',
  lastNamePrefix: 'de',
  lastName: 'Graaf',
  birthDate: '2001-02-03',
  email: '',
  mobile: '',
  contactOwner: 'patient',
  language: '',
  providerId: '',
  note: '',
};
const count = async () =>
  (await db.sql`select count(*)::int as n from patients where practice_id = ${built.practice.id}`)[0]!.n as number;

describe('the search', () => {
  it('answers with a page, and with the results alone for htmx', async () => {
    const patient = await buildPatient(db, built, { firstName: 'Quirine' });
    const page = await search(desk, 'quirine');
    expect(page.body).toMatch(/^<!doctype html>/);
    expect(page.body).toContain(`href="/patients/${patient.id}"`);
    expect(page.body).toContain('value="quirine"');
    const part = await desk.post('/patients/search', { q: 'quirine' }, { partial: true });
    expect(part.body).toMatch(/^<div id="patients-found"/);
    expect(part.body).toContain(patient.lastName);
    const reloaded = await desk.get(String(part.headers['hx-replace-url']));
    expect(reloaded.body).toContain(`href="/patients/${patient.id}"`);
  });

  it('stands in no address but under a seal, which opens for nobody else', async () => {
    const patient = await buildPatient(db, built, { firstName: 'Quirijn' });
    const { headers, body } = await desk.post('/patients/search', { q: 'quirijn' });
    const address = String(headers.location);
    expect(address).toMatch(/^\/patients\?search=[\w-]{80,}$/);
    expect(body).toBe('');
    for (const text of [address, Buffer.from(address.split('=')[1]!, 'base64url').toString('latin1')])
      expect(text.toLowerCase()).not.toContain('quirijn');
    expect((await desk.get(address)).body).toContain(patient.id);
    const manager = await signIn(app, built.users.manager);
    const damaged = `${address.slice(0, 30)}${address[30] === 'x' ? 'y' : 'x'}${address.slice(31)}`;
    for (const [browser, tried] of [
      [manager, address],
      [desk, address.slice(0, -8)],
      [desk, damaged],
      [desk, '/patients?search=quirijn'],
      [desk, '/patients?q=quirijn'],
      [desk, `/patients?search=${'x'.repeat(2000)}`],
    ] as const) {
      const found = await browser.get(tried);
      expect(found.statusCode).toBe(200);
      expect(found.body).not.toContain(patient.id);
    }
    expect((await desk.post('/patients/search', { q: '  ' })).headers.location).toBe('/patients');
  });

  it('is told what it does not take, and keeps it', async () => {
    for (const partial of [true, false]) {
      const { statusCode, body } = await desk.post('/patients/search', { q: `Quir${'x'.repeat(100)}` }, { partial });
      expect(statusCode).toBe(422);
      expect(body).toContain('This is too long.');
      if (!partial) expect(body).toContain('value="Quirxxx');
    }
  });

  it('says when nobody was found, and shows what was typed as text', async () => {
    const { body } = await search(desk, '<script>alert(1)</script>');
    expect(body).toContain('No patient found for “&lt;script>alert(1)&lt;/script>”');
    expect(body).not.toContain('<script>alert');
  });
});

describe('a new patient', () => {
  it('stands in the practice’s files, with contacts as the carriers take them', async () => {
    const made = await desk.post('/patients', {
      ...form,
      email: 'Noa@Example.com',
      mobile: '06 00 00 00 45',
      contactOwner: 'parent',
      language: 'nl',
    });
    expect(made.statusCode).toBe(303);
    const { body } = await desk.get(made.headers.location!);
    for (const text of [
      'Noa de Graaf',
      '03/02/2001',
      'Noa@example.com',
      '+31600000045',
      'a parent',
      'Dutch',
      'The file has been opened.',
      'Patient created',
      built.users.receptionist.name,
    ]) {
      expect(body).toContain(text);
    }
    expect((await desk.get(made.headers.location!)).body).not.toContain('The file has been opened.');
  });

  it.each([
    [{ firstName: ' ' }, 'This is required.'],
    [{ lastName: undefined }, 'This is required.'],
    [{ firstName: 'x'.repeat(81) }, 'This is too long.'],
    [{ birthDate: '31-02-2000' }, 'This is not a date.'],
    [{ birthDate: '2999-01-01' }, 'This is not a date.'],
    [{ birthDate: '2100-01-01' }, 'This date is in the future.'],
    [{ email: 'noa@' }, 'This is not an email address.'],
    [{ mobile: '12' }, 'This is not a telephone number.'],
    [{ contactOwner: 'neighbour' }, 'Choose one of the list.'],
    [{ language: 'fr' }, 'Choose one of the list.'],
    [{ providerId: 'x' }, 'Choose one of the list.'],
    [{ role: 'manager' }, 'This form has changed. Load the page again.'],
  ])('is not accepted with %j, and the form stays as it was filled', async (wrong, message) => {
    const before = await count();
    const { statusCode, body } = await desk.post('/patients', { ...form, note: 'as it was "typed"', ...wrong });
    expect(statusCode).toBe(422);
    expect(body).toContain(message);
    expect(body).toContain('as it was &quot;typed&quot;');
    if (!('lastName' in wrong)) expect(body).toContain('value="Graaf"');
    expect(await count()).toBe(before);
  });

  it('is told what is wrong in the reader’s language, at the field', async () => {
    const manager = await signIn(app, built.users.manager);
    await manager.post('/language', { language: 'nl' });
    const { body } = await manager.post('/patients', { ...form, email: 'noa@' });
    expect(body).toMatch(/name="email"[^>]*aria-invalid="true"[^>]*aria-describedby="field-email-error"/);
    expect(body).toMatch(/id="field-email-error"[^>]*>Dit is geen e-mailadres\./);
  });

  it('whom a new appointment waits for is chosen there; one of another page has their file shown', async () => {
    const asked = new URLSearchParams({
      day: '2031-02-03',
      start: '10:15',
      provider: built.providers[1]!.id,
      chair: built.chairs[1]!.id,
    });
    const choosing = await desk.get(`/book/appointments/new?${asked}`);
    const unescaped = (html: string) => html.replaceAll('&amp;', '&');
    const file = await desk.get(unescaped(/href="(\/patients\/new\?back=[^"]+)"/.exec(choosing.body)![1]!));
    const action = unescaped(/<form class="form" action="([^"]+)"/.exec(file.body)![1]!);
    expect(unescaped(file.body)).toContain(`class="button quiet" href="/book/appointments/new?${asked}"`);
    const wrong = await desk.post(action, { ...form, email: 'nobody' });
    expect(unescaped(/<form class="form" action="([^"]+)"/.exec(wrong.body)![1]!)).toBe(action);
    const { headers } = await desk.post(action, { ...form, lastName: 'Nieuwkoop' });
    const [made] = await db.sql`select id from patients where last_name = 'Nieuwkoop'`;
    expect(headers.location).toBe(`/book/appointments/new?${asked}&patient=${made!.id}`);
    const { body } = await desk.get(String(headers.location));
    for (const text of ['Noa de Nieuwkoop', 'name="day" value="2031-02-03"', 'name="start" value="10:15"'])
      expect(body).toContain(text);
    for (const { id } of [built.providers[1]!, built.chairs[1]!])
      expect(body).toContain(`<option value="${id}" selected`);

    for (const back of ['https://elsewhere.example', '//elsewhere.example/book/appointments/new', '/follow-up']) {
      const to = await desk.post(`/patients?back=${encodeURIComponent(back)}`, form);
      expect(to.headers.location).toMatch(/^\/patients\/[0-9a-f-]{36}$/);
    }
  });

  it('is not opened by a provider', async () => {
    const provider = await signIn(app, built.users.provider);
    expect((await provider.get('/patients/new')).statusCode).toBe(403);
    expect((await provider.post('/patients', form)).statusCode).toBe(403);
    expect((await visitor(app).post('/patients', form)).headers.location).toBe('/sign-in');
  });
});

describe('a Patient File', () => {
  it('is edited with what stands on it', async () => {
    const patient = await buildPatient(db, built, { note: 'Afraid of needles' });
    const page = await desk.get(`/patients/${patient.id}/edit`);
    for (const text of [patient.firstName, patient.lastName, patient.email!, patient.mobile!, 'Afraid of needles'])
      expect(page.body).toContain(text);
    const saved = await desk.post(`/patients/${patient.id}/edit`, { ...form, firstName: 'Renamed' });
    expect(saved.headers.location).toBe(`/patients/${patient.id}`);
    const { body } = await desk.get(`/patients/${patient.id}`);
    expect(body).toContain('Renamed de Graaf');
    expect(body).toContain('No email address or mobile number on file.');
    expect(body).toContain('Patient changed');
    expect(body).toContain('first name');
  });

  it('keeps who treated the patient and has left, whatever else is changed', async () => {
    const [provider] = await db.sql<[{ id: string }]>`
      insert into providers (practice_id, title, name, active) values (${built.practice.id}, 'Dr', 'Left Long-Ago', false) returning id`;
    const patient = await buildPatient(db, built, { providerId: provider.id });
    const { body } = await desk.get(`/patients/${patient.id}/edit`);
    expect(body).toContain(`<option value="${provider.id}" selected>Dr Left Long-Ago (no longer offered)</option>`);
    await desk.post(`/patients/${patient.id}/edit`, { ...form, mobile: '+31600000046', providerId: provider.id });
    const [saved] = await db.sql`select mobile, provider_id from patients where id = ${patient.id}`;
    expect(saved).toEqual({ mobile: '+31600000046', provider_id: provider.id });
    expect((await desk.get('/patients/new')).body).not.toContain('Left Long-Ago');
  });

  it('leads back to where editing began, and to no page of others', async () => {
    const patient = await buildPatient(db, built);
    const edit = (back: string) => `/patients/${patient.id}/edit?back=${encodeURIComponent(back)}`;
    const page = await desk.get(edit('/follow-up?category=unbooked'));
    const action = /<form class="form" action="([^"]+)"/.exec(page.body)![1]!;
    expect(page.body).toContain('class="button quiet" href="/follow-up?category=unbooked"');
    const wrong = await desk.post(action, { ...form, email: 'nobody' });
    expect([wrong.statusCode, wrong.body.includes(`action="${action}"`)]).toEqual([422, true]);
    expect((await desk.post(action, form)).headers.location).toBe('/follow-up?category=unbooked');
    expect((await desk.get('/follow-up')).body).toContain('The Patient File is saved.');
    for (const back of [
      'https://elsewhere.example',
      '//elsewhere.example',
      '/\\elsewhere',
      'javascript:alert(1)',
      '/€',
    ])
      expect((await desk.post(edit(back), form)).headers.location).toBe(`/patients/${patient.id}`);
  });

  it('shows the appointments, leading to their day in the book', async () => {
    const patient = await buildPatient(db, built);
    const entry = await buildAppointment(db, built, patient.id, 600);
    const { body } = await desk.get(`/patients/${patient.id}`);
    expect(body).toContain(`href="/book/entries/${entry.id}"`);
    expect(body).toContain('10:00–10:30');
  });

  it('of another practice does not exist here', async () => {
    const other = await buildPractice(db);
    const theirs = await buildPatient(db, other);
    for (const url of [`/patients/${theirs.id}`, `/patients/${theirs.id}/edit`]) {
      expect((await desk.get(url)).statusCode).toBe(404);
    }
    expect((await desk.post(`/patients/${theirs.id}/edit`, form)).statusCode).toBe(404);
    expect((await search(desk, theirs.lastName)).body).not.toContain(theirs.id);
    const [unchanged] = await db.sql`select first_name from patients where id = ${theirs.id}`;
    expect(unchanged!.first_name).toBe(theirs.firstName);
  });

  it('renders what was typed into it harmless', async () => {
    const script = '<img src=x onerror="alert(1)">';
    const patient = await buildPatient(db, built, { firstName: script, lastName: script, note: script });
    for (const url of [`/patients/${patient.id}`, `/patients/${patient.id}/edit`]) {
      expect((await desk.get(url)).body).not.toContain('<img src=x');
    }
    expect((await search(desk, '<img')).body).not.toContain('<img src=x');
  });
});

describe('a provider’s picture', () => {
  it('is shown to whoever knows its address, and only then when there is one', async () => {
    const [one, two] = built.providers;
    await db.sql`update providers set picture = ${Buffer.from('<svg/>')}, picture_type = 'image/svg+xml' where id = ${one!.id}`;
    const picture = await visitor(app).get(`/providers/${one!.id}/picture`);
    expect(picture.statusCode).toBe(200);
    expect(picture.headers['content-type']).toBe('image/svg+xml');
    expect(picture.body).toBe('<svg/>');
    const again = await visitor(app).get(`/providers/${one!.id}/picture`, {
      headers: { 'if-none-match': String(picture.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
    expect((await visitor(app).get(`/providers/${two!.id}/picture`)).statusCode).toBe(404);
  });
});
