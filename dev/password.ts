import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Mishap } from './mishap.ts';

/** Asks a person at a terminal, who types without seeing it. @throws Mishap when they press Ctrl-C */
export async function askPassword(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // As a terminal, readline takes the keys itself: what it would show goes nowhere.
  const terminal = createInterface({ input, output: nowhere, terminal: true });
  const given = new AbortController();
  terminal.once('SIGINT', () => given.abort());
  output.write(question);
  try {
    return await terminal.question('', { signal: given.signal });
  } catch {
    throw new Mishap('Nothing was changed.');
  } finally {
    terminal.close();
    output.write('\n');
  }
}
