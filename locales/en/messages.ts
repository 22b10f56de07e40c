/** Texts of messages to patients. The link is put in when the message leaves. `first` is null when it can't be written in an SMS. */
export const messages = {
  sms: {
    link: (practice: string, first: string | null, provider: string, link: string) =>
      `${practice}: choose a time for ${first ?? 'your visit'} with ${provider}: ${link}`,
    reminder: (practice: string, first: string | null, provider: string, link: string) =>
      `${practice}: reminder, choose a time for ${first ?? 'your visit'} with ${provider}: ${link}`,
    preferToCall: (phone: string) => ` Prefer to call? ${phone}`,
    confirmation: (practice: string, first: string | null, day: string, time: string, provider: string, link: string) =>
      `${practice}: ${first ?? 'your visit'} is booked for ${day}, ${time} with ${provider}. Change or cancel: ${link}`,
  },
  email: {
    linkSubject: (practice: string) => `Choose a time for your next appointment at ${practice}`,
    reminderSubject: (practice: string) => `Reminder: choose a time for your next appointment at ${practice}`,
    confirmationSubject: (day: string, time: string) => `Your appointment on ${day} at ${time}`,
    greeting: (first: string) => `Dear ${first},`,
    link: (provider: string) =>
      `You can now choose the day and time of your next appointment with ${provider}, whenever it suits you.`,
    reminder: (provider: string) =>
      `Your next appointment with ${provider} has no day and time yet. You can still choose them online.`,
    chooseATime: 'Choose a time',
    goodUntil: (day: string) => `The link works until the end of ${day}. You need no account or password.`,
    preferToCall: (phone: string) => `Would you rather call? You can reach us on ${phone}.`,
    confirmation: (provider: string) => `Your appointment with ${provider} is booked.`,
    when: 'When',
    duration: 'Duration',
    where: 'Where',
    minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
    changeOrCancel: 'See, change or cancel your appointment',
    inYourCalendar: 'Open the attachment to put the appointment in your calendar.',
    unsubscribe: 'No more emails about appointments?',
    unsubscribeHere: 'Unsubscribe',
    signature: (practice: string) => `With kind regards,\n${practice}`,
  },
  calendar: {
    filename: 'appointment.ics',
    summary: (practice: string) => `Appointment at ${practice}`,
    description: (provider: string, phone: string) => `With ${provider}. Questions? Call ${phone}.`,
  },
};
