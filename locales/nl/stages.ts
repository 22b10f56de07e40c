import type { stages as en } from '../en/stages.ts';

export const stages: typeof en = {
  departing: {
    name: 'Vertrekt',
    words: 'De patiënt vertrekt: de taak op de vertreklijst wacht op de receptie.',
  },
  link_sent: {
    name: 'Link verstuurd',
    words: 'De boekingslink is verstuurd: de patiënt moet nog een tijd kiezen.',
  },
  confirmed: {
    name: 'Bevestigd',
    words: 'De patiënt heeft bevestigd: de afspraak wordt geschreven.',
  },
  booked_online: {
    name: 'Online geboekt',
    words: 'De afspraak staat in het boek: de bevestiging, de follow-up en het verslag worden bijgewerkt.',
  },
  booked_at_desk: { name: 'Aan de balie geboekt', words: 'Aan de balie geboekt.' },
  postponed: { name: 'Uitgesteld', words: 'Uitgesteld: de patiënt staat op de follow-up.' },
  unbooked: { name: 'Niet geboekt', words: 'Geëindigd zonder afspraak: de patiënt staat op de follow-up.' },
  expired: { name: 'Link verlopen', words: 'De link is verlopen: de patiënt staat op de follow-up.' },
  withdrawn: { name: 'Ingetrokken', words: 'De geplande afspraak hoeft niet meer geboekt te worden.' },
  undone: { name: 'Teruggedraaid', words: 'Het vertrek is teruggedraaid.' },
};
