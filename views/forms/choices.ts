import type { Reader } from '../reader.ts';

export interface Named {
  id: string;
  name: string;
}

/**
 * What a select offers. What was chosen before and is no longer offered stays, marked, until somebody chooses another: a form
 * that is saved for something else takes nothing away.
 */
export function choicesWithOwn(
  { t }: Pick<Reader, 't'>,
  offered: Named[],
  own?: { id: string | null; name: string | null } | null,
): { value: string; label: string }[] {
  const choices = offered.map(({ id, name }) => ({ value: id, label: name }));
  if (!own?.id || offered.some(({ id }) => id === own.id)) return choices;
  return [{ value: own.id, label: t.common.noLongerOffered(own.name ?? '') }, ...choices];
}
