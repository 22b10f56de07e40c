export const inbox = {
  title: 'Demo inbox',
  intro: 'What patients would receive on their telephone and in their mailbox. Nothing leaves this machine.',
  empty: 'No messages yet.',
  attachment: (name: string) => `Attachment: ${name}`,
};
