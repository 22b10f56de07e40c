/** Texts of messages to patients. `{link}` is put in when the message leaves. */
export const messages = {
  sms: {
    link: (practice: string, first: string, provider: string, link: string) =>
      `${practice}: choose a time for ${first} with ${provider}: ${link}`,
    reminder: (practice: string, first: string, provider: string, link: string) =>
      `${practice}: reminder, choose a time for ${first} with ${provider}: ${link}`,
    preferToCall: (phone: string) => ` Prefer to call? ${phone}`,
    confirmation: (practice: string, first: string, day: string, time: string, provider: string, link: string) =>
      `${practice}: ${first} is booked for ${day}, ${time} with ${provider}. Change or cancel: ${link}`,
  },
  email: {
    linkSubject: (practice: string) => `Choose a time for your next appointment at ${practice}`,
    reminderSubject: (practice: string) => `Reminder: choose a time for your next appointment at ${practice}`,
    confirmationSubject: (day: string, time: string) => `Your appointment on ${day} at ${time}`,
    greeting: (first: string) => `Dear ${first},`,
    link: (provider: string) => `Your next appointment with ${provider} has been planned. You can choose the day and time that suit you best.`,
    reminder: (provider: string) => `Your next appointment with ${provider} still has no date. You can choose the day and time that suit you best.`,
    chooseATime: 'Choose a time',
    goodUntil: (day: string) => `The link is good until ${day}. You need no account.`,
    preferToCall: (phone: string) => `Would you rather call? You can reach us on ${phone}.`,
    confirmation: (provider: string) => `Your appointment with ${provider} is booked.`,
    when: 'When',
    duration: 'Duration',
    where: 'Where',
    minutes: (count: number) => `${count} minutes`,
    changeOrCancel: 'See, change or cancel the appointment',
    inYourCalendar: 'The attachment puts the appointment in your calendar.',
    signature: (practice: string) => `With kind regards,\n${practice}`,
  },
  calendar: {
    summary: (practice: string) => `Appointment at ${practice}`,
    description: (provider: string, phone: string) => `With ${provider}. Questions? Call ${phone}.`,
  },
};
