import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Mishap } from './mishap.ts';

export interface Secrets {
  SESSION_SECRETS: string;
  LINK_SECRETS: string;
}

/** The development secrets, made at the first start: signed-in people and patients' links outlive a restart. */
export async function developmentSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return parse(text, file);
  const secrets: Secrets = { SESSION_SECRETS: newSecret(), LINK_SECRETS: `dev:${newSecret()}` };
  await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secrets;
}

const newSecret = () => randomBytes(32).toString('base64url');

function parse(text: string, file: string): Secrets {
  try {
    const { SESSION_SECRETS, LINK_SECRETS } = JSON.parse(text);
    if (typeof SESSION_SECRETS === 'string' && typeof LINK_SECRETS === 'string')
      return { SESSION_SECRETS, LINK_SECRETS };
  } catch {
    // Told below.
  }
  throw new Mishap(
    `${file} is damaged: delete it, and people must sign in again and links that are out no longer open; or begin afresh with "npm run reset".`,
  );
}
