import { findInconsistencies } from '../domain/bookings/consistency.ts';
import { workflowIdOf } from '../domain/contract.ts';
import { connect } from '../drizzle/database.ts';
import { findStrayBookings } from '../worker/strayBookings.ts';
import { demoUsers } from './demo/seed.ts';
import { Mishap } from './mishap.ts';
import { engineClient, runningEngines } from './runningService.ts';
import { Browser, type Page } from './walkthrough/browser.ts';

/** Plays one whole booking over HTTP, as provider, receptionist and patient would, and checks what it left behind. */
const home = (process.env.PUBLIC_URL || `http://localhost:${process.env.PORT || 3000}`).replace(/\/$/, '');
const began = performance.now();
let lastStep = began;

/** One line a step: when, how long it took, what happened, and where to see it. */
function tell(what: string, where = ''): void {
  const now = performance.now();
  console.log(
    `${((now - began) / 1000).toFixed(2).padStart(7)} s  ${`+${Math.round(now - lastStep)} ms`.padStart(9)}  ${what.padEnd(68)} ${where}`,
  );
  lastStep = now;
}

async function walk(): Promise<void> {
  const provider = await signIn('provider');
  const reception = await signIn('receptionist');
  const manager = await signIn('manager');
  const counted = total(await manager.get('/reports/feature-usage'));

  const book = await reception.get('/book');
  const { appointmentId, patientId } = someoneWhoCanLeave(book);
  tell('Reception chooses somebody who can leave today', `${home}/book#entry-${appointmentId}`);
  const words = `Walkthrough ${new Date().toISOString().slice(0, 19)}`;
  await plan(provider, patientId, words);
  tell('The provider plans the next appointment and ticks it', `${home}/patients/${patientId}/chart`);

  const departure = await reception.get(`/book/appointments/${appointmentId}/departure`);
  const left = await reception.send(departure, reception.formTo(departure, '/departure'));
  tell('The patient departs; the task stands on the Departure Task List', `${home}/departure-tasks`);
  let task = taskOf(left, words);
  if (task.text.includes('Collect Email and Mobile')) task = taskOf(await collectContacts(reception, task), words);
  const sending = await reception.follow({ ...left, html: task }, 'Online booking');
  const patient = new Browser(home);
  const earlier = new Set(linksOf(await patient.get('/inbox'), sending));
  await reception.send(sending, reception.formTo(sending, '/link'));
  tell('Reception sends the booking link by SMS and email', `${home}/follow-up?category=olb_link_sent`);

  const link = await eventually('the message with the link', async () =>
    linksOf(await patient.get('/inbox'), sending).find((one) => !earlier.has(one)),
  );
  tell('The message is in the patient’s inbox', `${home}/inbox`);
  const times = await patient.get(link);
  const time = times.html.querySelector('button.time');
  const check = await patient.send(times, patient.formTo(times, '/hold'), {
    startsAt: time!.getAttribute('value')!,
  });
  tell('The patient opens the link and chooses a time', link);
  await patient.send(check, patient.formTo(check, '/confirmation'));
  tell('The patient confirms', `${link}/confirmation`);
  await agree(words, counted, reception, manager);
}

/** Book, ledger, Follow Up, report and workflow must tell one story. */
async function agree(words: string, counted: number, reception: Browser, manager: Browser): Promise<void> {
  const { databaseUrl, temporalAddress } = await runningEngines();
  const client = await engineClient(temporalAddress);
  if (!client) throw new Mishap(`Temporal does not answer at ${temporalAddress}.`);
  const { sql, close } = connect(databaseUrl, { max: 2, name: 'nextvisit walkthrough' });
  try {
    const booking = await eventually('the booking’s end', async () => {
      const [row] = await sql<{ id: string; state: string; entry: string; day: string }[]>`
        select b.id, b.state, e.id as entry, e.starts_at::date::text as day from bookings b
        join planned_appointments a on a.id = b.planned_appointment_id
        join book_entries e on e.booking_id = b.id and e.kind = 'appointment'
        where a.description = ${words} and b.settled_at is not null`;
      return row;
    });
    must(booking.state === 'booked_online', `the booking is ${booking.state}`);
    const confirmations =
      await sql`select from messages where booking_id = ${booking.id} and kind = 'confirmation' and state in ('sent', 'delivered')`;
    must(confirmations.length > 0, 'no confirmation was sent');
    tell(
      'The appointment is written and the confirmation sent',
      `${home}/book?day=${booking.day}#entry-${booking.entry}`,
    );
    must(!(await reception.get('/follow-up')).text.includes(words), 'the patient still stands on Follow Up');
    must((await reception.get('/online-appointments')).text.includes(words), 'Online Appointments lacks it');
    must(total(await manager.get('/reports/feature-usage')) === counted + 1, 'the report did not count it');
    tell('Follow Up, Online Appointments and the report agree', `${home}/reports/feature-usage`);
    const workflow = await client.workflow.getHandle(workflowIdOf(booking.id)).describe();
    must(workflow.status.name === 'COMPLETED', `the workflow is ${workflow.status.name}`);
    tell(`The workflow is complete, after ${workflow.historyLength} events`, workflowIdOf(booking.id));
    const wrong = [...(await findInconsistencies(sql, { atRest: false })), ...(await findStrayBookings(sql, client))];
    must(wrong.length === 0, wrong.map(({ rule, ids }) => `${rule}: ${ids.join(' ')}`).join('; '));
    tell('The book is consistent, and its bookings agree with the workflows');
  } finally {
    await Promise.all([close(), client.connection.close()]);
  }
}

async function signIn(role: string): Promise<Browser> {
  const user = demoUsers.find((one) => one.role === role)!;
  const browser = new Browser(home);
  const page = await browser.get('/sign-in').catch(() => {
    throw new Mishap(`Nobody answers at ${home}: begin with "npm start", or set PUBLIC_URL.`);
  });
  const signedIn = await browser.send(page, browser.formTo(page, '/sign-in'), {
    email: user.email,
    password: user.password,
  });
  must(signedIn.url.pathname !== '/sign-in', `signing in as ${role} failed`);
  const language = signedIn.html.querySelector('html')?.getAttribute('lang');
  if (language === 'nl') await browser.send(signedIn, browser.formTo(signedIn, '/language'));
  tell(`Signed in as ${role}`, home);
  return browser;
}

function someoneWhoCanLeave(book: Page): { appointmentId: string; patientId: string } {
  for (const entry of book.html.querySelectorAll('li.entry.appointment')) {
    const departure = entry.querySelector('a[href$="/departure"]');
    const file = entry.querySelector('a[href$="/chart"]');
    if (!departure || !file || entry.classList.contains('departed')) continue;
    return { appointmentId: entry.id.replace('entry-', ''), patientId: file.getAttribute('href')!.split('/')[2]! };
  }
  throw new Mishap(
    'Nobody is left in today’s book who could depart: try again tomorrow, or begin afresh with "npm run reset".',
  );
}

/** A plan with one planned appointment of half an hour, To Be Booked, with a provider who can be booked online. */
async function plan(provider: Browser, patientId: string, words: string): Promise<void> {
  const chart = await provider.get(`/patients/${patientId}/chart`);
  const planned = await provider.send(chart, provider.formTo(chart, '/treatment-plans'), {
    name: words,
  });
  const window = await provider.follow(planned, 'Add a planned appointment');
  const form = provider.formTo(window, '/planned-appointments');
  const providers =
    form?.querySelectorAll('select[name=providerId] option').map((option) => option.getAttribute('value')!) ?? [];
  await provider.send(window, form, {
    toBeBooked: 'on',
    expectedTime: '0:30',
    description: words,
    providerId: providers.find(Boolean)!,
    intervalDays: '7',
  });
}

function taskOf(page: Page, words: string) {
  const task = page.html.querySelectorAll('.task').find((one) => one.text.includes(words));
  if (!task) throw new Error(`the task “${words}” is not on the Departure Task List`);
  return task;
}

async function collectContacts(reception: Browser, task: Page['html']): Promise<Page> {
  const here = { url: new URL('/book', home), status: 200, html: task, text: '' };
  const window = await reception.follow(here, 'Collect Email and Mobile');
  const saved = await reception.send(window, reception.formTo(window, '/contacts'), {
    mobile: '+31600000099',
    email: 'walkthrough@example.org',
  });
  tell('Reception collects email and mobile', home);
  return saved;
}

/** The links in the inbox that were sent to those contacts, the newest first. */
function linksOf(inbox: Page, sending: Page): string[] {
  const contacts = sending.text.match(/\S+@\S+|\+\d{9,15}/g) ?? [];
  return inbox.html
    .querySelectorAll('.letter')
    .filter((one) => contacts.some((contact) => one.text.includes(contact)))
    .flatMap((one) => one.text.match(/\/b\/[\w-]{22}/) ?? []);
}

const total = (report: Page) => Number(report.html.querySelector('tfoot td')?.text.replace(/\D/g, '') ?? 0);

async function eventually<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await read();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come within ten seconds`);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

await walk().then(
  () => console.log('\nAll agree.'),
  (error: Error) => {
    console.error(`\n${error instanceof Mishap ? error.message : `It does not hold: ${error.message}`}`);
    process.exitCode = 1;
  },
);
