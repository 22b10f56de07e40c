import type { messages as en } from '../en/messages.ts';

export const messages: typeof en = {
  sms: {
    link: (practice, first, provider, link) => `${practice}: kies online een tijd voor ${first} bij ${provider}: ${link}`,
    reminder: (practice, first, provider, link) => `${practice}: herinnering, kies online een tijd voor ${first} bij ${provider}: ${link}`,
    preferToCall: (phone) => ` Liever bellen? ${phone}`,
    confirmation: (practice, first, day, time, provider, link) =>
      `${practice}: afspraak ${first} staat vast op ${day} om ${time} bij ${provider}. Wijzigen of afzeggen: ${link}`,
  },
  email: {
    linkSubject: (practice) => `Kies een tijd voor uw volgende afspraak bij ${practice}`,
    reminderSubject: (practice) => `Herinnering: kies een tijd voor uw volgende afspraak bij ${practice}`,
    confirmationSubject: (day, time) => `Uw afspraak op ${day} om ${time}`,
    greeting: (first) => `Beste ${first},`,
    link: (provider) => `Uw volgende afspraak bij ${provider} is gepland. U kunt zelf de dag en de tijd kiezen die u het beste uitkomen.`,
    reminder: (provider) => `Uw volgende afspraak bij ${provider} heeft nog geen datum. U kunt zelf de dag en de tijd kiezen die u het beste uitkomen.`,
    chooseATime: 'Kies een tijd',
    goodUntil: (day) => `De link is geldig tot en met ${day}. U hebt geen account nodig.`,
    preferToCall: (phone) => `Belt u liever? U bereikt ons op ${phone}.`,
    confirmation: (provider) => `Uw afspraak bij ${provider} staat vast.`,
    when: 'Wanneer',
    duration: 'Duur',
    where: 'Waar',
    minutes: (count) => `${count} minuten`,
    changeOrCancel: 'De afspraak bekijken, wijzigen of afzeggen',
    inYourCalendar: 'Met de bijlage zet u de afspraak in uw agenda.',
    signature: (practice) => `Met vriendelijke groet,\n${practice}`,
  },
  calendar: {
    summary: (practice) => `Afspraak bij ${practice}`,
    description: (provider, phone) => `Bij ${provider}. Vragen? Bel ${phone}.`,
  },
};
