/** The longest appointment, in minutes. */
export const longestMinutes = 8 * 60;

/** Expected Time: what was set by hand, else the sum of the services' Estimated Times. In minutes; 0 means none is known. */
export function expectedMinutes(estimatedMinutes: number[], override: number | null): number {
  return override ?? estimatedMinutes.reduce((sum, minutes) => sum + minutes, 0);
}

/** 45 → '0:45'. */
export function formatLength(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

export type LengthError = 'length_format' | 'length_zero' | 'length_too_long';

/** Reads hh:mm, as '0:45' or '01:30'. @returns minutes, or why it is none */
export function parseLength(text: string): number | LengthError {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(text.trim());
  if (!match) return 'length_format';
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  if (minutes === 0) return 'length_zero';
  return minutes > longestMinutes ? 'length_too_long' : minutes;
}
