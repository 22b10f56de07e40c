import { findInconsistencies } from '../domain/bookings/consistency.ts';
import { connect } from '../drizzle/database.ts';
import { sentenceOf } from './mishap.ts';
import { runningEngines } from './runningService.ts';

/** `npm run check:book`: whether book, bookings, tasks, Follow Up, ledger and statistics tell one story. */
async function check(): Promise<void> {
  const { databaseUrl } = await runningEngines();
  const { sql, close } = connect(databaseUrl, { max: 1, name: 'nextvisit check' });
  try {
    const found = await findInconsistencies(sql, { atRest: process.argv.includes('--at-rest') });
    for (const { rule, ids } of found) console.error(`Not so: ${rule}\n  ${ids.slice(0, 10).join('\n  ')}`);
    if (found.length === 0) console.log('The book is consistent.');
    process.exitCode = found.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

await check().catch((error) => {
  console.error(sentenceOf(error));
  process.exitCode = 1;
});
