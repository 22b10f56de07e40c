import type { Viewer } from '../reader.ts';

/** An address of the book. Where it is about another location than the one the viewer works at, it says which. */
export function inBook(
  { location, worksAt }: Pick<Viewer, 'location' | 'worksAt'>,
  path: string,
  query: Record<string, string | undefined>,
  locationId = location.id,
): string {
  const asked = { ...query, location: locationId === worksAt.id ? undefined : locationId };
  const parts = Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return parts.length === 0 ? path : `${path}?${new URLSearchParams(parts)}`;
}

/** Where an entry of the book stands: leads to its day, at its location, and marks it. */
export const entryAddress = (id: string) => `/book/entries/${id}`;
