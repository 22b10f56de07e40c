import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as schema from './schema/index.ts';

// drizzle-kit's `check` does not see drift between schema and migrations, and `generate` may stop to ask: its API does neither.
const { generateDrizzleJson, generateMigration } = createRequire(import.meta.url)(
  'drizzle-kit/api',
) as typeof import('drizzle-kit/api');

const journal = JSON.parse(await readFile(new URL('./migrations/meta/_journal.json', import.meta.url), 'utf8'));
const newest = String(journal.entries.at(-1).idx).padStart(4, '0');
const snapshot = JSON.parse(
  await readFile(new URL(`./migrations/meta/${newest}_snapshot.json`, import.meta.url), 'utf8'),
);
const missing = await generateMigration(snapshot, generateDrizzleJson(schema, snapshot.id, undefined, 'snake_case'));
if (missing.length > 0) {
  console.error(`The schema has changes that no migration carries; run npm run migration:\n${missing.join('\n')}`);
  process.exit(1);
}
console.log('Schema and migrations agree.');
