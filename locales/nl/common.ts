import type { common as en } from '../en/common.ts';

export const common: typeof en = {
  ok: 'OK',
  cancel: 'Annuleren',
  close: 'Sluiten',
  save: 'Opslaan',
  undo: 'Ongedaan maken',
  all: 'Alles',
  none: 'Geen',
  yes: 'Ja',
  no: 'Nee',
  optional: 'niet verplicht',
  noLongerOffered: (name) => `${name} (niet meer in gebruik)`,
  minutes: (count) => (count === 1 ? '1 minuut' : `${count} minuten`),
  days: (count) => (count % 7 === 0 && count > 7 ? `${count / 7} weken` : count === 1 ? '1 dag' : `${count} dagen`),
};
