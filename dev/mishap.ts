/** Something a newcomer can mend: shown as one sentence with the way out, without a stack trace. */
export class Mishap extends Error {
  override readonly name = 'Mishap';
}

/** What to print of an error that ends a command: a sentence where one was foreseen, else all that is known. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Mishap || error.name === 'ConfigurationError') return error.message;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'The disk is full: make room and start again.';
  // A folder that is missing on a disk that is only for reading: Node then says that there is no such folder.
  if (path && code === 'ENOENT' && syscall === 'mkdir') return sentenceOf(Object.assign(error, { code: 'EROFS' }));
  if (path && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR'].includes(code ?? '')) {
    return `${path} cannot be used (${code}): give this user the right to write there, or begin afresh with "npm run reset".`;
  }
  return error.stack ?? error.message;
}
