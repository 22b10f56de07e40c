import type { messages as en } from '../en/messages.ts';

export const messages: typeof en = {
  sms: {
    link: (practice, first, provider, link) =>
      `${practice}: kies online een tijd voor ${first ?? 'uw bezoek'} bij ${provider}: ${link}`,
    reminder: (practice, first, provider, link) =>
      `${practice}: herinnering, kies online een tijd voor ${first ?? 'uw bezoek'} bij ${provider}: ${link}`,
    preferToCall: (phone) => ` Liever bellen? ${phone}`,
    confirmation: (practice, first, day, time, provider, link) =>
      `${practice}: ${first === null ? 'uw afspraak' : `afspraak ${first}`} staat vast op ${day} om ${time} bij ${provider}. Wijzigen of afzeggen: ${link}`,
  },
  email: {
    linkSubject: (practice) => `Kies een tijd voor uw volgende afspraak bij ${practice}`,
    reminderSubject: (practice) => `Herinnering: kies een tijd voor uw volgende afspraak bij ${practice}`,
    confirmationSubject: (day, time) => `Uw afspraak op ${day} om ${time}`,
    greeting: (first) => `Beste ${first},`,
    link: (provider) =>
      `Voor uw volgende afspraak bij ${provider} kunt u nu zelf een dag en tijd kiezen, wanneer het u uitkomt.`,
    reminder: (provider) =>
      `Voor uw volgende afspraak bij ${provider} is nog geen dag en tijd gekozen. U kunt dat online nog steeds doen.`,
    chooseATime: 'Kies een tijd',
    goodUntil: (day) => `De link werkt tot en met ${day}. U hebt geen account of wachtwoord nodig.`,
    preferToCall: (phone) => `Belt u liever? U bereikt ons op ${phone}.`,
    confirmation: (provider) => `Uw afspraak bij ${provider} staat vast.`,
    when: 'Wanneer',
    duration: 'Duur',
    where: 'Waar',
    minutes: (count) => (count === 1 ? '1 minuut' : `${count} minuten`),
    changeOrCancel: 'Uw afspraak bekijken, wijzigen of afzeggen',
    inYourCalendar: 'Open de bijlage om de afspraak in uw agenda te zetten.',
    unsubscribe: 'Geen e-mails meer over afspraken?',
    unsubscribeHere: 'Afmelden',
    signature: (practice) => `Met vriendelijke groet,\n${practice}`,
  },
  calendar: {
    filename: 'afspraak.ics',
    summary: (practice) => `Afspraak bij ${practice}`,
    description: (provider, phone) => `Bij ${provider}. Vragen? Bel ${phone}.`,
  },
};
