import type { inbox as en } from '../en/inbox.ts';

export const inbox: typeof en = {
  title: 'Demo-postvak',
  intro: 'Wat patiënten op hun telefoon en in hun mailbox zouden ontvangen. Er verlaat niets deze machine.',
  empty: 'Nog geen berichten.',
  carriers: 'Speel een slechte dag van de verzenddiensten',
  moods: {
    well: 'alles gaat goed',
    late: 'komt een minuut later aan',
    failing: 'weigert alles; wordt opnieuw geprobeerd',
    bouncing: 'neemt het aan, maar het komt nooit aan',
    repeating: 'meldt twee keer wat ervan werd, in de verkeerde volgorde',
  },
  set: 'Instellen',
  bounced: 'nooit aangekomen',
  reply: 'Antwoorden als de patiënt',
  send: 'Versturen',
  attachment: (name) => `Bijlage: ${name}`,
};
