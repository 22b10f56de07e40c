import type { PlannedAppointment } from '../../domain/chart/read.ts';
import type { Viewer } from '../reader.ts';

/** Why a planned appointment cannot be deleted, in words; null where it can. */
export function obstacleTo({ t, f }: Viewer, { appointment, booking }: PlannedAppointment): string | null {
  if (appointment) return t.chart.removeStanding(`${f.fullDay(appointment.startsAt)}, ${f.time(appointment.startsAt)}`);
  return booking?.state === 'confirmed' ? t.chart.removeConfirmed : null;
}
