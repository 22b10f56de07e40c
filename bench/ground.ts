import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startPostgres } from '../dev/postgres.ts';
import { startTemporal } from '../dev/temporal.ts';
import { type Connection, connect } from '../drizzle/database.ts';
import { migrate } from '../drizzle/migrate.ts';
import { buildPractice, type Practice } from './practice.ts';
import { startTemporalOnPostgres } from './temporalOnPostgres.ts';

/** Engines of the bench's own, with the settings of `npm start`, in a folder that goes with them. */
export interface Ground {
  temporalAddress: string;
  /** The engines' processes. */
  pids: { temporal: number; postgres: number };
  /** Where processes leave their logs. */
  folder: string;
  /** How many of so many are wanted: fewer where a figure is only tried (`--share=0.1`). */
  sized(count: number): number;
  /** A copy of the practice with that many appointments in the past; dropped at the end of the figure. */
  openBook(past?: number, patients?: number): Promise<Book>;
  /** Runs at the end of the figure, the last one first. */
  atEnd(end: () => Promise<unknown>): void;
  endFigure(): Promise<void>;
  clearAway(): Promise<void>;
}

export interface Book extends Connection {
  url: string;
  practice: Practice;
}

/** What the issue of the figures speaks of: appointments in the book, and patients. */
export const usualPast = 160_000;
const usualPatients = 20_000;

/** `programs`: of a Temporal server that keeps its state in PostgreSQL; by default the development server runs. */
export async function openGround(say: (line: string) => void, share = 1, programs?: string): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'nextvisit-bench-'));
  const place = join(folder, 'temporal');
  const startingServer = startPostgres({ folder: join(folder, 'postgres'), say, database: 'empty' });
  const [server, temporal] = await Promise.all([
    startingServer,
    programs
      ? startingServer.then(({ url }) => startTemporalOnPostgres({ programs, folder: place, postgresUrl: url }))
      : startTemporal({ folder: place, say, ui: false }),
  ]);
  const urlOf = (name: string) => server.url.replace(/\/[^/]*$/, `/${name}`);
  await migrate(server.url);
  const admin = postgres(urlOf('postgres'), { max: 1, onnotice: () => {} });
  const templates = new Map<string, Promise<Practice>>();
  let ends: (() => Promise<unknown>)[] = [];
  let copies = 0;

  async function buildTemplate(name: string, past: number, patients: number): Promise<Practice> {
    say(
      `Filling a book with ${past.toLocaleString('en')} past appointments and ${patients.toLocaleString('en')} patients`,
    );
    await admin.unsafe(`create database ${name} template empty`);
    const connection = connect(urlOf(name), { max: 4 });
    const practice = await buildPractice(connection, { past, patients });
    await connection.close();
    return practice;
  }

  async function endFigure(): Promise<void> {
    const ending = ends.reverse();
    ends = [];
    for (const end of ending) await end();
  }

  return {
    temporalAddress: temporal.address,
    pids: { temporal: temporal.pid, postgres: server.pid },
    folder,
    sized: (count) => Math.max(1, Math.ceil(count * share)),
    async openBook(usually = usualPast, patients = usualPatients) {
      const past = Math.ceil(usually * share);
      const template = `template_${past}_${patients}`;
      if (!templates.has(template)) templates.set(template, buildTemplate(template, past, patients));
      const practice = await templates.get(template)!;
      const name = `book_${copies++}`;
      await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
      const url = urlOf(name);
      const connection = connect(url, { max: 32, name: 'nextvisit bench' });
      ends.push(async () => {
        await connection.close();
        await admin.unsafe(`drop database ${name} with (force)`);
      });
      return { ...connection, url, practice };
    },
    atEnd: (end) => void ends.push(end),
    endFigure,
    async clearAway() {
      await endFigure().catch(() => {});
      await admin.end({ timeout: 1 }).catch(() => {});
      await Promise.allSettled([temporal.stop(), server.stop()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
