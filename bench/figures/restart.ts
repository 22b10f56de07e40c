import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { bookUser } from '../../dev/postgresData.ts';
import { connect } from '../../drizzle/database.ts';
import { type Figure, inTurn, type Spread } from '../figure.ts';
import type { Ground } from '../ground.ts';
import { allWait, openBookings } from '../openBookings.ts';
import { buildPractice } from '../practice.ts';
import { linkKeys } from '../processes.ts';

const openOnes = 10_000;
/** Above dist/, where this runs. */
const projectFolder = fileURLToPath(new URL('../../..', import.meta.url));
const isUp = 'Ctrl-C stops everything';

export const restart: Figure = {
  name: 'restart',
  what: `npm start on a folder that it knows, ${openOnes.toLocaleString('en')} bookings open, until it says that everything is ready`,
  unit: 's',
  better: 'lower',
  target: 'ours/peer ≤ 1.5',
  async measure(ground) {
    const count = ground.sized(openOnes);
    const [full, empty] = [aFolder(ground, 'full'), aFolder(ground, 'empty')];
    for (const folder of [full, empty]) {
      const service = await start(ground, folder);
      const { sql, database, close } = connect(await databaseUrl(folder), { max: 4 });
      const patients = folder === full ? count : 1;
      const practice = await buildPractice({ sql, database, close }, { past: 0, patients });
      if (folder === full) {
        await openBookings({ sql, practice }, { count });
        await allWait({ sql }, 900);
      }
      await close();
      await service.stop();
    }
    const onceOver = async (folder: string): Promise<Spread> => {
      const began = performance.now();
      const service = await start(ground, folder);
      const took = (performance.now() - began) / 1000;
      await service.stop();
      return { p50: took, p95: took };
    };
    await onceOver(empty);
    const { ours, peer } = await inTurn(
      () => onceOver(full),
      () => onceOver(empty),
    );
    const ratio = ours.p50 / peer.p50;
    return { ours, peer: { name: 'none open', ...peer }, ratio, pass: ratio <= 1.5 };
  },
};

function aFolder(ground: Ground, name: string): string {
  const folder = join(ground.folder, `start-${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** `npm start`'s own program; nothing of the developer's settings reaches it. */
async function start(ground: Ground, folder: string) {
  const child = spawn(process.execPath, ['dev/run.js', 'start'], {
    cwd: projectFolder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NEXTVISIT_DATA: folder,
      PORT: String(await freePort()),
      LINK_SECRETS: `k1:${linkKeys.secrets.k1}`,
      ...nothingElseSet,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'close');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  ground.atEnd(stop);
  await says(child, isUp);
  return { stop };
}

/** What a `.env` may set is set to nothing, which counts as absent. */
const nothingElseSet = Object.fromEntries(
  ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PUBLIC_URL', 'TWILIO_ACCOUNT_SID', 'RESEND_API_KEY'].map((name) => [name, '']),
);

function says(child: ChildProcess, words: string): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        output += text;
        if (output.includes(words)) resolve();
      });
    child.once('exit', () => reject(new Error(`npm start ended:\n${output}`)));
  });
}

async function databaseUrl(folder: string): Promise<string> {
  const [password, port] = await Promise.all(
    ['password', 'port'].map((name) => readFile(join(folder, 'postgres', name), 'utf8')),
  );
  return `postgres://${bookUser}:${password}@127.0.0.1:${port}/nextvisit`;
}
