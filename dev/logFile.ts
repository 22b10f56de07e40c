import { createWriteStream, type WriteStream } from 'node:fs';
import { sentenceOf } from './mishap.ts';
import type { Say } from './say.ts';

const tryAgainMs = 5_000;

/** A log that grows by lines. Where the disk has no room for it that is said, lines are lost, and it goes on when there is room again. */
export function openLog(file: string, say: Say): { write(line: string): void; end(line: string): void } {
  let brokenAt = Number.NEGATIVE_INFINITY;
  let stream: WriteStream | null = null;

  function open(): WriteStream | null {
    if (stream || Date.now() - brokenAt < tryAgainMs) return stream;
    const opened = createWriteStream(file, { flags: 'a' });
    stream = opened;
    opened.on('error', (error: NodeJS.ErrnoException) => {
      if (stream === opened) stream = null;
      if (Date.now() - brokenAt > tryAgainMs) say(`${file} cannot be written: ${said(error)}`);
      brokenAt = Date.now();
    });
    return opened;
  }

  return {
    write: (line) => void open()?.write(`${line}\n`),
    end: (line) => void open()?.end(`${line}\n`),
  };
}

const said = (error: NodeJS.ErrnoException) =>
  error.code === 'ENOSPC' ? 'the disk is full; make room' : sentenceOf(error);
