/** What happens too often for a row each, counted in this process since its start, for whoever measures it. */
const counts = new Map<string, number>();

export type Tallied = 'claims_won' | 'claims_lost';

export function tally(what: Tallied): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

export const tallied = (what: Tallied): number => counts.get(what) ?? 0;
