import { localDay } from '../../domain/book/rules/localTime.ts';
import type { Viewer } from '../reader.ts';

type InBook = Pick<Viewer, 'location' | 'worksAt'>;

/** An address of the book. Where it is about another location than the one the viewer works at, it says which. */
export function inBook(
  { location, worksAt }: InBook,
  path: string,
  query: Record<string, string | undefined>,
  locationId = location.id,
): string {
  const asked = { ...query, location: locationId === worksAt.id ? undefined : locationId };
  const parts = Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return parts.length === 0 ? path : `${path}?${new URLSearchParams(parts)}`;
}

/** Where a new appointment begins: for whom is asked first. */
export const newAppointment = '/book/appointments/new';

/** The same time, asked for a patient. */
export function forPatient(address: string, patientId: string): string {
  const [path, query] = address.split('?');
  const asked = new URLSearchParams(query);
  asked.set('patient', patientId);
  return `${path}?${asked}`;
}

/** The day of the book in which something stands. */
export const bookOf = (
  viewer: InBook & Pick<Viewer, 'practice'>,
  { startsAt, locationId }: { startsAt: Date; locationId: string },
): string => inBook(viewer, '/book', { day: localDay(startsAt.getTime(), viewer.practice.timeZone) }, locationId);

/** And there the entry itself, marked. */
export const entryIn = (
  viewer: InBook & Pick<Viewer, 'practice'>,
  entry: { id: string; startsAt: Date; locationId: string },
): string => `${bookOf(viewer, entry)}#entry-${entry.id}`;

/** Leads to where an entry stands, for who knows its id only. */
export const entryAddress = (id: string) => `/book/entries/${id}`;
