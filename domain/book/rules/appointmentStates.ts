/** What an appointment can be set to by hand. Departure is a checkout of its own, cancelling has a verb of its own. */
export const appointmentStates = ['booked', 'arrived', 'in_chair', 'did_not_attend'] as const;

export type AppointmentState = (typeof appointmentStates)[number];

const followers: Record<string, readonly AppointmentState[]> = {
  booked: ['arrived', 'in_chair', 'did_not_attend'],
  arrived: ['in_chair', 'booked', 'did_not_attend'],
  in_chair: ['arrived', 'booked'],
  did_not_attend: ['arrived', 'booked'],
};

/** The states that may follow, the likeliest first. A day that has not come knows only Booked. */
export function nextStates(state: string, dayHasCome: boolean): readonly AppointmentState[] {
  const next = followers[state] ?? [];
  return dayHasCome ? next : next.filter((one) => one === 'booked');
}

/** A treatment under way may still be lengthened, but not cancelled; who left, or did not come, stays on record. */
export const canBeMoved = (state: string): boolean => state === 'booked' || state === 'arrived' || state === 'in_chair';
export const canBeCancelled = (state: string): boolean => state === 'booked' || state === 'arrived';
