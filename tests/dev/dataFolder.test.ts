import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from '../../dev/dataFolder.ts';
import { sentenceOf } from '../../dev/mishap.ts';
import { developmentSecrets } from '../../dev/secrets.ts';
import { testFolder } from './folders.ts';

it('takes over from a start that did not say goodbye, also when its number is somebody else’s now', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'start.lock'), '999999999');
  expect((await takeLock(folder)).wasLeftBehind).toBe(true);
  writeFileSync(join(folder, 'start.lock'), String(process.ppid));
  expect((await takeLock(folder)).wasLeftBehind).toBe(true);
});

it('makes the development secrets once', async () => {
  const folder = testFolder();
  const secrets = await developmentSecrets(folder);
  expect(secrets.SESSION_SECRETS.length).toBeGreaterThanOrEqual(32);
  expect(await developmentSecrets(folder)).toEqual(secrets);
});

it('names the way out when the secrets are damaged', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'secrets.json'), '{"SESSION_SECRETS":');
  await expect(developmentSecrets(folder)).rejects.toThrow(/secrets.json is damaged.*npm run reset/);
});

it('has a sentence, not a stack, for a folder that cannot be written', async () => {
  const file = join(testFolder(), 'data');
  writeFileSync(file, 'not a folder');
  const sentence = await takeLock(file).catch(sentenceOf);
  expect(sentence).toMatch(/^.*data cannot be used .*npm run reset/);
  expect(sentence).not.toContain('\n');
});
