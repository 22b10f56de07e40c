import type { inbox as en } from '../en/inbox.ts';

export const inbox: typeof en = {
  title: 'Demo-postvak',
  intro: 'Wat patiënten op hun telefoon en in hun mailbox zouden ontvangen. Er verlaat niets deze machine.',
  empty: 'Nog geen berichten.',
  attachment: (name) => `Bijlage: ${name}`,
};
