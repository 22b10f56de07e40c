import type { reports as en } from '../en/reports.ts';

export const reports: typeof en = {
  title: 'Gebruikersinstellingenverslag',
  intro: 'Afspraken voor geplande behandeling die patiënten online hebben geboekt.',
  month: 'Maand',
  provider: 'Behandelaar',
  bookings: 'Online boekingen',
  total: 'Totaal',
  kinds: { planned_treatment_booking: 'Geplande behandeling boekingen' },
  chart: (total) =>
    `Staafdiagram van de online boekingen per maand, ${total} in totaal. De tabel hieronder bevat de cijfers.`,
  csv: 'Downloaden als CSV',
  print: 'Afdrukken…',
  none: 'Geen online boekingen in deze periode.',
};
