export const common = {
  ok: 'OK',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  undo: 'Undo',
  all: 'All',
  none: 'None',
  yes: 'Yes',
  no: 'No',
  optional: 'optional',
  noLongerOffered: (name: string) => `${name} (no longer offered)`,
  from: 'From',
  until: 'Until',
  show: 'Show',
  /** By itself, and within a sentence. */
  channels: { sms: 'SMS', email: 'Email' },
  byChannel: { sms: 'SMS', email: 'email' },
  /** At the start of a line, and behind a name. */
  bornOn: (date: string) => `Born ${date}`,
  born: (date: string) => `born ${date}`,
  numbered: (number: number) => `No. ${number}`,
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
  days: (count: number) =>
    count % 7 === 0 && count > 7 ? `${count / 7} weeks` : count === 1 ? '1 day' : `${count} days`,
};
