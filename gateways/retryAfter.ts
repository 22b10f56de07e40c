/** How long an answer asks to be left alone, in milliseconds: its `Retry-After` in seconds or as a date. */
export function retryAfterOf(header: unknown, now = Date.now()): number | undefined {
  if (typeof header !== 'string' && typeof header !== 'number') return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(String(header)) - now : seconds * 1000;
  return ms > 0 ? ms : undefined;
}
