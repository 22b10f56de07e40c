/**
 * What patients receive. `templates` are the texts of a practice that wrote none of its own, in the language of
 * domain/messages/templateText.ts: fields in braces, and in brackets what an SMS may leave out. Their names, `fields`, also
 * stand in what practices wrote: a name may be added, and never changed.
 */
export const messages = {
  fields: {
    practice: 'practice',
    first: 'first',
    provider: 'provider',
    link: 'link',
    phone: 'phone',
    until: 'until',
    day: 'day',
    time: 'time',
    duration: 'duration',
    place: 'place',
  },
  templates: {
    link: {
      sms: '{practice}: choose a time for {first|your visit} with {provider}: {link}[ Prefer to call? {phone}]',
      subject: 'Choose a time for your next appointment at {practice}',
      email: `Dear {first},

You can now choose the day and time of your next appointment with {provider}, whenever it suits you.

Choose a time: {link}

The link works until the end of {until}. You need no account or password.

Would you rather call? You can reach us on {phone}.

With kind regards,
{practice}`,
    },
    reminder: {
      sms: '{practice}: reminder, choose a time for {first|your visit} with {provider}: {link}[ Prefer to call? {phone}]',
      subject: 'Reminder: choose a time for your next appointment at {practice}',
      email: `Dear {first},

Your next appointment with {provider} has no day and time yet. You can still choose them online.

Choose a time: {link}

The link works until the end of {until}. You need no account or password.

Would you rather call? You can reach us on {phone}.

With kind regards,
{practice}`,
    },
    confirmation: {
      sms: '{practice}: {first|your visit} is booked for {day}, {time} with {provider}. Change or cancel: {link}',
      subject: 'Your appointment on {day} at {time}',
      email: `Dear {first},

Your appointment with {provider} is booked.

When: {day}, {time}
Duration: {duration}
Where: {place}

See, change or cancel your appointment: {link}

Open the attachment to put the appointment in your calendar.

Would you rather call? You can reach us on {phone}.

With kind regards,
{practice}`,
    },
  },
  /** In place of a first name that an SMS can't carry, where the text names nothing else. */
  nameless: 'you',
  /** On the button of a link that stands alone on its line. */
  openLink: 'Open the link',
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
  unsubscribe: 'No more emails about appointments?',
  unsubscribeHere: 'Unsubscribe',
  calendar: {
    filename: 'appointment.ics',
    summary: (practice: string) => `Appointment at ${practice}`,
    description: (provider: string, phone: string) => `With ${provider}. Questions? Call ${phone}.`,
  },
};
