import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Parsed, parseForm } from '../api/form.ts';
import { locationForm, passwordForm, practiceForm, userForm } from '../api/routes/settingsForms.ts';
import { hashPassword } from '../domain/people/users.ts';
import { addPractice, isPracticeOf, type NewPractice } from '../domain/practice/newPractice.ts';
import { Refusal } from '../domain/refusal.ts';
import { connect, type Database } from '../drizzle/database.ts';
import { databaseErrorIn } from '../drizzle/faults.ts';
import { en } from '../locales/en/index.ts';
import { Mishap, sentenceOf } from './mishap.ts';
import { askPassword } from './password.ts';

/**
 * `npm run practice:new`, in production `node dist/dev/newPractice.js`: a practice with its first location and the manager who
 * settles everything else. Its values keep the rules of Settings. The password comes from MANAGER_PASSWORD or the terminal; as
 * an argument it would be in the list of processes and the shell's history.
 */
const options = {
  name: { type: 'string' },
  'short-name': { type: 'string' },
  phone: { type: 'string' },
  email: { type: 'string' },
  'time-zone': { type: 'string' },
  language: { type: 'string' },
  location: { type: 'string' },
  street: { type: 'string' },
  'postal-code': { type: 'string' },
  city: { type: 'string' },
  hours: { type: 'string' },
  'manager-name': { type: 'string' },
  'manager-email': { type: 'string' },
} as const;
type Flag = keyof typeof options;
type Flags = Partial<Record<Flag, string>>;

const usualHours = '8:00-17:30';
/** As Settings has it: a name up to this length is its own short name. */
const longestShortName = 25;

const beginning = z.strictObject({
  name: practiceForm.shape.name,
  shortName: practiceForm.shape.shortName,
  phone: practiceForm.shape.phone,
  email: practiceForm.shape.email,
  language: practiceForm.shape.language,
  emailSenderName: practiceForm.shape.emailSenderName,
  timeZone: z.string('required').min(1, 'required'),
});

async function run(): Promise<void> {
  const wanted = read(flagsOf(process.argv.slice(process.argv[1]?.endsWith('run.js') ? 3 : 2)));
  const url = process.env.DATABASE_URL;
  if (!url) throw new Mishap('DATABASE_URL is missing: it names the database that the practice goes into.');
  const { database, close } = connect(url, { max: 1, name: 'nextvisit practice' });
  try {
    console.log((await add(database, wanted)) ? added(wanted) : standing(wanted));
  } catch (error) {
    throw inWords(error);
  } finally {
    await close();
  }
}

const added = ({ practice, manager }: NewPractice) =>
  `${practice.name} is there: ${manager.email} signs in, and settles everything else in Settings.`;
const standing = ({ practice, manager }: NewPractice) =>
  `${practice.name} with ${manager.email} is there already: nothing was changed.`;

async function add(database: Database, wanted: NewPractice): Promise<boolean> {
  if (await isPracticeOf(database, wanted.practice.name, wanted.manager.email)) return false;
  const passwordHash = await hashPassword(await password());
  return database.transaction((tx) => addPractice(tx, wanted, passwordHash));
}

function flagsOf(args: string[]): Flags {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    // What follows the first sentence is about positional arguments, of which there are none.
    throw new Mishap(
      `${(error as Error).message.split(/[.\n]/)[0]}. There are: ${Object.keys(options).map(asFlag).join(', ')}.`,
    );
  }
}

function read(flags: Flags): NewPractice {
  const { name, phone, language, hours = usualHours } = flags;
  const practice = parseForm(beginning, {
    name,
    shortName: flags['short-name'] ?? (name && name.length <= longestShortName ? name : undefined),
    phone,
    email: flags.email,
    language,
    emailSenderName: name,
    timeZone: flags['time-zone'],
  });
  const weekdays = Object.fromEntries([1, 2, 3, 4, 5].map((weekday) => [`day${weekday}`, hours]));
  const location = parseForm(locationForm, {
    name: flags.location ?? name,
    street: flags.street,
    postalCode: flags['postal-code'],
    city: flags.city,
    phone,
    ...weekdays,
  });
  const manager = parseForm(userForm, {
    name: flags['manager-name'],
    email: flags['manager-email'],
    role: 'manager',
    language,
    active: 'on',
  });
  if (practice.ok && location.ok && manager.ok) {
    const { name: called, email } = manager.value;
    const { details, week } = location.value;
    return { practice: practice.value, location: details, week, manager: { name: called, email } };
  }
  const wrong = {
    ...wrongIn(location, {
      name: flags.location === undefined ? 'name' : 'location',
      postalCode: 'postal-code',
      day1: 'hours',
    }),
    ...wrongIn(practice, { shortName: 'short-name', emailSenderName: 'name', timeZone: 'time-zone' }),
    ...wrongIn(manager, { name: 'manager-name', email: 'manager-email' }),
  };
  const sentences = Object.keys(options).flatMap((flag) => sentenceAt(flag as Flag, wrong[flag as Flag]) ?? []);
  throw new Mishap(sentences.join('\n'));
}

/** What is wrong, by flag; a field without a flag of another name has that of its own, and a day's hours are those of all. */
function wrongIn(form: Parsed<unknown>, flagOf: Record<string, Flag>): Partial<Record<Flag, string>> {
  if (form.ok) return {};
  return Object.fromEntries(Object.entries(form.errors).map(([field, code]) => [flagOf[field] ?? field, code]));
}

function sentenceAt(flag: Flag, code: string | undefined): string | null {
  if (code === undefined) return null;
  if (code === 'required') return `${asFlag(flag)} is missing.`;
  if (flag === 'language') return '--language must be en or nl.';
  return `${asFlag(flag)}: ${wordsFor(code)}`;
}

const asFlag = (name: string) => `--${name}`;
const wordsFor = (code: string) => en.problems.fields[code as keyof typeof en.problems.fields];

async function password(): Promise<string> {
  const given = process.env.MANAGER_PASSWORD;
  if (!given && !process.stdin.isTTY) {
    throw new Mishap('Nobody is there to type the manager’s password: set it as MANAGER_PASSWORD.');
  }
  const typed = given || (await askPassword('The manager’s password: '));
  const form = parseForm(passwordForm, { password: typed });
  if (!form.ok) throw new Mishap(`The manager’s password: ${wordsFor(form.errors.password!)}`);
  if (!given && (await askPassword('Once more: ')) !== typed)
    throw new Mishap('The two passwords differ: nothing was changed.');
  return form.value.password;
}

const refused: Record<string, string> = {
  timeZone: '--time-zone must be a zone’s name, such as Europe/Amsterdam.',
  name: '--name: another practice has this name, and this manager is not its.',
  email: `--manager-email: ${en.problems.fields.email_taken}`,
};

/** One sentence where the way out is known. */
function inWords(error: unknown): unknown {
  if (error instanceof Refusal && error.field && refused[error.field]) return new Mishap(refused[error.field]!);
  if (databaseErrorIn(error)?.code === '42P01')
    return new Mishap('The tables are missing: run "npm run migrate" first.');
  const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  if (cause.syscall === 'connect' || cause.code?.startsWith('CONNECT')) {
    return new Mishap(`The PostgreSQL of DATABASE_URL does not answer: ${cause.message || cause.code}`);
  }
  return error;
}

await run().catch((error) => {
  console.error(sentenceOf(error));
  process.exitCode = 1;
});
