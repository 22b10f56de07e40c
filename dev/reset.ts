import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { dataFolder, postgresFolder, takeLock, temporalFolder } from './dataFolder.ts';
import { Mishap, sentenceOf } from './mishap.ts';
import { stopForgottenPostgres } from './postgres.ts';
import { stopForgottenTemporal } from './temporal.ts';

/** `npm run reset`: empties `.data/`, so that the next start begins afresh. `--yes` asks no question. */
async function reset(): Promise<void> {
  if (!existsSync(dataFolder)) return console.log('There is nothing to delete.');
  const { release } = await takeLock();
  try {
    if (!process.argv.includes('--yes') && !(await isSure())) return console.log('Nothing was deleted.');
    await stopForgottenPostgres(postgresFolder, console.log);
    await stopForgottenTemporal(temporalFolder, console.log);
    for (const name of readdirSync(dataFolder)) await rm(join(dataFolder, name), { recursive: true, force: true });
    console.log('.data/ is empty; "npm start" begins afresh.');
  } finally {
    release();
  }
}

async function isSure(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Mishap('Nobody is there to ask: "npm run reset -- --yes" deletes without a question.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    'Delete everything in .data/: the book, patients, messages, open workflows? Type yes: ',
  );
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}

await reset().catch((error) => {
  console.error(sentenceOf(error));
  process.exitCode = 1;
});
