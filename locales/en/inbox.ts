export const inbox = {
  title: 'Demo inbox',
  intro: 'What patients would receive on their telephone and in their mailbox. Nothing leaves this machine.',
  empty: 'No messages yet.',
  carriers: 'Play a bad day of the carriers',
  moods: {
    well: 'all is well',
    late: 'arrives a minute late',
    failing: 'refuses everything; tried again',
    bouncing: 'takes it, and it never arrives',
    repeating: 'tells twice what became of it, in the wrong order',
  },
  set: 'Set',
  bounced: 'never arrived',
  reply: 'Answer as the patient',
  send: 'Send',
  attachment: (name: string) => `Attachment: ${name}`,
};
