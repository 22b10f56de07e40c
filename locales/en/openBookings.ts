/** The manager's page of bookings under way, and of the engine that carries them. */
export const openBookings = {
  title: 'Bookings',
  intro: 'Every booking under way: where it stands, and what happens next.',
  needsAttention: 'Needs attention',
  stage: 'Stage',
  provider: 'Provider',
  patient: 'Patient',
  findPatient: 'Find a patient',
  onlyOne: (name: string) => `Only ${name}`,
  everybody: 'All patients',
  show: 'Show',
  none: 'No booking under way here.',
  allIsWell: 'Nothing needs attention.',
  noWorker: 'No worker is at work.',
  withoutWorker:
    'Messages to patients, reminders and the ends of links and days wait until one is started. What patients and colleagues enter meanwhile is kept.',
  moreThanShown: (shown: number) => `Only the first ${shown} are shown. Narrow it down by stage, provider or patient.`,
  since: (when: string) => `since ${when}`,
  openFor: (age: string) => `open for ${age}`,
  effort: (number: number) => `effort ${number}`,
  age: (minutes: number) =>
    minutes < 60
      ? `${minutes} min`
      : minutes < 48 * 60
        ? `${Math.floor(minutes / 60)} hours`
        : `${Math.floor(minutes / 1440)} days`,
  next: {
    day_ends: (when: string) => `Next: goes to Follow Up as Unbooked, ${when}.`,
    reminder: (when: string) => `Next: a reminder, ${when}.`,
    link_ends: (when: string) => `Next: the link ends, ${when}.`,
    write: () => 'Next: the appointment is written, at once.',
    finish: () => 'Next: what is left to do is finished, at once.',
    try_again: (when: string) => `Next: tried again, ${when}.`,
    nobody: () => 'Nothing more happens by itself: somebody has to decide.',
  },
  reasons: {
    step_failing: 'A step fails and is tried again',
    relay_parked: 'A message to the workflow was refused',
    relay_late: 'A message to the workflow is late',
    not_written: 'The patient has confirmed, but the appointment is not written',
    message_uncertain: 'Unclear whether a message was sent',
    workflow_missing: 'The workflow was missing; it is started again',
    overdue:
      'Overdue: its time came more than five minutes ago, and nothing has happened. Try again now; where that does not help, give it to the desk, or call the patient',
  },
  steps: {
    readBooking: 'Read the booking',
    openDepartureTask: 'Guard the departure task',
    endDeparture: 'Move what is left of the day to Follow Up',
    deliverMessages: 'Deliver messages to the patient',
    remind: 'Remind the patient',
    expireLink: 'End the link',
    writeAppointment: 'Write the appointment in the book',
    sendConfirmation: 'Send the confirmation',
    moveOffFollowUp: 'Move the patient off Follow Up',
    recordUsage: 'Count the booking in the report',
    settle: 'Close the booking',
  } as Record<string, string>,
  failures: {
    database: 'the database refused or was away',
    link_key: 'the secret of the link is missing or has changed',
    no_end: 'it came to no end in time',
    unexpected: 'an unexpected fault',
  } as Record<string, string>,
  lastError: (step: string, error: string) => `${step}: ${error}`,
  attempts: (count: number, when: string) => `${count} attempts since ${when}`,
  engineSaid: 'What the engine said',
  tryAgain: 'Try again now',
  resendLink: 'Send the link again…',
  resendConfirmation: 'Send the confirmation again',
  giveToDesk: 'Give it to the desk…',
  giveToDeskTitle: 'Give it to the desk',
  giveToDeskHint: {
    departing: 'The task leaves the Departure Task List. The patient stands on Follow Up as Unbooked.',
    link_sent:
      'The link ends, and a time that the patient holds becomes free. The patient stands on Follow Up as Unbooked.',
    confirmed:
      'The time that the patient confirmed is written into the book now. If none is kept, the patient stands on Follow Up as Unbooked.',
  },
  note: 'For whoever takes it up',
  close: 'Close…',
  closeTitle: 'Close with a reason',
  closeHint: 'The effort ends: the link, a held time, the task and Follow Up go with it. The Chart stays as it is.',
  setAsideHint: 'It no longer needs attention. What is still on its way to the patient is not sent.',
  reason: 'Reason',
  engine: {
    title: 'Behind the bookings',
    workers: 'Workers',
    noWorker: 'None was seen in the last minute and a half: bookings wait.',
    workersSeen: (count: number) => (count === 1 ? '1 is at work' : `${count} are at work`),
    relay: 'Messages to workflows',
    relayEmpty: 'None is waiting',
    relayWaiting: (count: number, seconds: number) =>
      count === 1 ? `1 waits, since ${seconds} s` : `${count} wait, the oldest since ${seconds} s`,
    parked: 'Refused messages',
    sweep: 'Last sweep',
    sweptAt: (when: string, started: number) => `${when}; workflows that were missing: ${started}`,
    database: 'Database',
    databaseAnswers: (version: string, ms: number) => `version ${version}, answered in ${ms} ms`,
    carrier: (channel: string) => `Last sent by ${channel}`,
    never: 'not yet',
  },
  letter: {
    subject: (count: number) => (count === 1 ? '1 booking needs attention' : `${count} bookings need attention`),
    body: (count: number, url: string) =>
      `${count === 1 ? 'A booking does not go on by itself' : `${count} bookings do not go on by themselves`}. See what is wrong, and what can be done about it:\n\n${url}\n\nThis email comes at most once a day, while something needs attention. Settings › Practice switches it off.`,
  },
};
