import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { killAll } from '../../dev/offspring.ts';
import { freePort } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { endProcess } from '../../dev/processes.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { type Connection, connect } from '../../drizzle/database.ts';
import { migrate } from '../../drizzle/migrate.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { freshDatabase } from '../engines/database.ts';
import { eventually } from '../engines/worker.ts';
import { type ResendStandIn, startResendStandIn } from '../gateways/resendStandIn.ts';
import { startTwilioStandIn, type TwilioStandIn } from '../gateways/twilioStandIn.ts';
import { killedAt, type Process, startProcess } from './product.ts';

/** Where a fault strikes: a practice in a database of its own, carriers that stand in, and the product's processes. */
export interface Ground extends Connection {
  url: string;
  temporalAddress: string;
  built: BuiltPractice;
  twilio: TwilioStandIn;
  resend: ResendStandIn;
  startApi(options?: Options): Promise<Process>;
  startWorker(options?: Options): Promise<Process>;
  /** As a service manager does: starts it again whenever it ends, with the same options. */
  keep(kind: 'api' | 'worker', options?: Options): Promise<Kept>;
  /** The points of killSwitch.ts at which a process has died. */
  killedAt(): string[];
  /** Only with an engine of its own: ends it at once; `forget` throws the store of Temporal away. */
  killPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  killTemporal(options?: { forget?: boolean }): Promise<void>;
  startTemporal(): Promise<void>;
  /** Waits until all work is done, then nothing may be wrong. */
  findsNothing(limitMs?: number): Promise<void>;
  /** Ends every process and throws everything away. */
  end(): Promise<void>;
}

export interface Kept {
  url: string;
  /** How often it was started again. */
  restarts(): number;
}

type Options = Parameters<typeof startProcess>[2];

export interface OwnEngines {
  postgres?: boolean;
  temporal?: boolean;
}

process.once('exit', killAll);

/** Engines that a fault ends are the ground's own; others are those of all tests. */
export async function openGround(own: OwnEngines = {}): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'nextvisit-faults-'));
  writeFileSync(killedAt(folder), '');
  const ends: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  ];
  const say = () => {};
  const openPostgres = () => startPostgres({ folder: join(folder, 'postgres'), say, database: 'faults' });
  const openTemporal = () => startTemporal({ folder: join(folder, 'temporal'), say, ui: false });
  let [postgres, temporal] = await Promise.all([
    own.postgres ? openPostgres() : null,
    own.temporal ? openTemporal() : null,
  ]);
  ends.push(
    async () => postgres?.stop(),
    async () => temporal?.stop(),
  );
  const db = await openDatabase(postgres?.url);
  ends.push(db.drop);
  const built = await buildPractice(db);
  const [twilio, resend] = await Promise.all([startTwilioStandIn(), startResendStandIn()]);
  ends.push(twilio.stop, resend.stop);
  const temporalAddress = temporal?.address ?? inject('temporalAddress');
  const carriers = carrierSettings(twilio, resend);

  async function start(kind: 'api' | 'worker', options: Options): Promise<Process> {
    const started = await startProcess(kind, { folder, databaseUrl: db.url, temporalAddress, carriers }, options);
    ends.push(() => endProcess(started.pid, [['SIGKILL', 5_000]]));
    return started;
  }

  let ending = false;
  async function keep(kind: 'api' | 'worker', options: Options): Promise<Kept> {
    const port = options?.port ?? (await freePort());
    let restarts = -1;
    const startAgain = async (): Promise<void> => {
      restarts++;
      // Killed also before it was ready; what will never start is seen by its restarts.
      const running = await start(kind, { ...options, port }).catch(() => null);
      if (ending || restarts > 50) return;
      if (!running) return startAgain();
      void running.ended.then(() => {
        if (!ending) starting = startAgain();
      });
    };
    let starting = startAgain();
    await starting;
    ends.push(async () => {
      ending = true;
      await starting.catch(() => {});
    });
    return { url: `http://127.0.0.1:${port}`, restarts: () => restarts };
  }

  return {
    ...db,
    temporalAddress,
    built,
    twilio,
    resend,
    startApi: (options) => start('api', options),
    startWorker: (options) => start('worker', options),
    keep,
    killedAt: () => readFileSync(killedAt(folder), 'utf8').split('\n').filter(Boolean),
    async killPostgres() {
      await endProcess(postgres!.pid, [['SIGQUIT', 5_000]]);
      await postgres!.ended;
    },
    async startPostgres() {
      postgres = await openPostgres();
      expect(postgres.url).toBe(db.url);
    },
    async killTemporal({ forget = false } = {}) {
      await endProcess(temporal!.pid, [['SIGKILL', 5_000]]);
      await temporal!.ended;
      const place = join(folder, 'temporal');
      if (forget) for (const file of await readdir(place)) if (file.startsWith('state.')) await rm(join(place, file));
    },
    async startTemporal() {
      temporal = await openTemporal();
      expect(temporal.address).toBe(temporalAddress);
    },
    findsNothing: async (limitMs = 60_000) => {
      await eventually(
        () => findInconsistencies(db.sql, { atRest: true }),
        (found) => found.length === 0,
        limitMs,
      );
    },
    async end() {
      ending = true;
      // One that is just being started adds its end.
      while (ends.length > 0) await ends.pop()!();
    },
  };
}

async function openDatabase(url: string | undefined): Promise<Connection & { url: string; drop(): Promise<void> }> {
  if (!url) return freshDatabase();
  await migrate(url);
  const connection = connect(url);
  return { ...connection, url, drop: connection.close };
}

const carrierSettings = ({ settings: twilio }: TwilioStandIn, { settings: resend }: ResendStandIn) => ({
  TWILIO_ACCOUNT_SID: twilio.accountSid,
  TWILIO_AUTH_TOKEN: twilio.authToken,
  TWILIO_FROM: twilio.from!,
  TWILIO_BASE_URL: twilio.baseUrl!,
  TWILIO_PER_MINUTE: '9999',
  RESEND_API_KEY: resend.apiKey,
  RESEND_FROM: resend.from,
  RESEND_BASE_URL: resend.baseUrl!,
  RESEND_PER_MINUTE: '9999',
});
