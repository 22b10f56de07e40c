/** A URL for the log: without tokens of links, and without queries, which may hold names that were searched for. */
export function redactedUrl(url: string): string {
  return url.split('?')[0]!.replace(/^\/(a|b|u)\/[^/]+/, '/$1/…');
}

export { databaseErrorIn, faultOf } from '../drizzle/faults.ts';
