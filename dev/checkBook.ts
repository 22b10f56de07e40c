import { findInconsistencies } from '../domain/bookings/consistency.ts';
import { connect } from '../drizzle/database.ts';
import { findStrayBookings } from '../worker/strayBookings.ts';
import { sentenceOf } from './mishap.ts';
import { engineClient, runningEngines } from './runningService.ts';

/** `npm run check:book`: whether book, bookings, tasks, Follow Up, ledger, statistics and workflows tell one story. */
async function check(): Promise<void> {
  const { databaseUrl, temporalAddress } = await runningEngines();
  const { sql, close } = connect(databaseUrl, { max: 1, name: 'nextvisit check' });
  const client = await engineClient(temporalAddress);
  try {
    const found = await findInconsistencies(sql, { atRest: process.argv.includes('--at-rest') });
    if (client) found.push(...(await findStrayBookings(sql, client)));
    else console.log(`Temporal does not answer at ${temporalAddress}: bookings were not compared with its workflows.`);
    for (const { rule, ids } of found) console.error(`Not so: ${rule}\n  ${ids.slice(0, 10).join('\n  ')}`);
    if (found.length === 0) console.log('The book is consistent.');
    process.exitCode = found.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([close(), client?.connection.close()]);
  }
}

await check().catch((error) => {
  console.error(sentenceOf(error));
  process.exitCode = 1;
});
