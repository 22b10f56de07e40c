/** Where a booking stands: on the manager's page, and in its workflow's details in the Temporal UI. */
export const stages = {
  departing: {
    name: 'Leaving',
    words: 'The patient is leaving: the departure task waits for the receptionist.',
  },
  link_sent: {
    name: 'Link sent',
    words: 'The booking link was sent: waiting for the patient to choose a time.',
  },
  confirmed: {
    name: 'Confirmed',
    words: 'The patient has confirmed: the appointment is being written.',
  },
  booked_online: {
    name: 'Booked online',
    words: 'The appointment is in the book: the confirmation, Follow Up and the report are being brought up to date.',
  },
  booked_at_desk: { name: 'Booked at the desk', words: 'Booked at the desk.' },
  postponed: { name: 'Postponed', words: 'Postponed: the patient stands on Follow Up.' },
  unbooked: { name: 'Unbooked', words: 'The effort ended without a booking: the patient stands on Follow Up.' },
  expired: { name: 'Link expired', words: 'The link expired: the patient stands on Follow Up.' },
  withdrawn: { name: 'Withdrawn', words: 'The planned appointment is no longer to be booked.' },
  undone: { name: 'Undone', words: 'The departure was taken back.' },
};
