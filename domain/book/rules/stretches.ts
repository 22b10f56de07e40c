/** A stretch of time: epoch milliseconds, `until` left out. */
export interface Stretch {
  from: number;
  until: number;
}

/** Sorts, and joins what touches or overlaps; what ends where or before it begins is left out. */
export function joined(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { from, until } of inOrder(stretches)) {
    if (from >= until) continue;
    const last = result.at(-1);
    if (last && from <= last.until) last.until = Math.max(last.until, until);
    else result.push({ from, until });
  }
  return result;
}

/** What is left of sorted, separate stretches when sorted, separate others are taken away. */
export function without(stretches: Stretch[], taken: Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let next = 0;
  for (const { from, until } of stretches) {
    while (next < taken.length && taken[next]!.until <= from) next++;
    let start = from;
    for (let i = next; i < taken.length && taken[i]!.from < until; i++) {
      if (taken[i]!.from > start) left.push({ from: start, until: taken[i]!.from });
      start = Math.max(start, taken[i]!.until);
    }
    if (start < until) left.push({ from: start, until });
  }
  return left;
}

/** Most stretches come from the book in order. */
function inOrder(stretches: Stretch[]): Stretch[] {
  for (let i = 1; i < stretches.length; i++) {
    if (stretches[i]!.from < stretches[i - 1]!.from) return [...stretches].sort((a, b) => a.from - b.from);
  }
  return stretches;
}
