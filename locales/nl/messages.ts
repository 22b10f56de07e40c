import type { messages as en } from '../en/messages.ts';

export const messages: typeof en = {
  fields: {
    practice: 'praktijk',
    first: 'voornaam',
    provider: 'behandelaar',
    link: 'link',
    phone: 'telefoon',
    until: 'tot',
    day: 'dag',
    time: 'tijd',
    duration: 'duur',
    place: 'plaats',
  },
  templates: {
    link: {
      sms: '{praktijk}: kies online een tijd voor {voornaam|uw bezoek} bij {behandelaar}: {link}[ Liever bellen? {telefoon}]',
      subject: 'Kies een tijd voor uw volgende afspraak bij {praktijk}',
      email: `Beste {voornaam},

Voor uw volgende afspraak bij {behandelaar} kunt u nu zelf een dag en tijd kiezen, wanneer het u uitkomt.

Kies een tijd: {link}

De link werkt tot en met {tot}. U hebt geen account of wachtwoord nodig.

Belt u liever? U bereikt ons op {telefoon}.

Met vriendelijke groet,
{praktijk}`,
    },
    reminder: {
      sms: '{praktijk}: herinnering, kies online een tijd voor {voornaam|uw bezoek} bij {behandelaar}: {link}[ Liever bellen? {telefoon}]',
      subject: 'Herinnering: kies een tijd voor uw volgende afspraak bij {praktijk}',
      email: `Beste {voornaam},

Voor uw volgende afspraak bij {behandelaar} is nog geen dag en tijd gekozen. U kunt dat online nog steeds doen.

Kies een tijd: {link}

De link werkt tot en met {tot}. U hebt geen account of wachtwoord nodig.

Belt u liever? U bereikt ons op {telefoon}.

Met vriendelijke groet,
{praktijk}`,
    },
    confirmation: {
      sms: '{praktijk}: afspraak voor {voornaam|u} staat vast op {dag} om {tijd} bij {behandelaar}. Wijzigen of afzeggen: {link}',
      subject: 'Uw afspraak op {dag} om {tijd}',
      email: `Beste {voornaam},

Uw afspraak bij {behandelaar} staat vast.

Wanneer: {dag}, {tijd}
Duur: {duur}
Waar: {plaats}

Uw afspraak bekijken, wijzigen of afzeggen: {link}

Open de bijlage om de afspraak in uw agenda te zetten.

Belt u liever? U bereikt ons op {telefoon}.

Met vriendelijke groet,
{praktijk}`,
    },
  },
  nameless: 'u',
  openLink: 'Link openen',
  minutes: (count) => (count === 1 ? '1 minuut' : `${count} minuten`),
  unsubscribe: 'Geen e-mails meer over afspraken?',
  unsubscribeHere: 'Afmelden',
  calendar: {
    filename: 'afspraak.ics',
    summary: (practice) => `Afspraak bij ${practice}`,
    description: (provider, phone) => `Bij ${provider}. Vragen? Bel ${phone}.`,
  },
};
