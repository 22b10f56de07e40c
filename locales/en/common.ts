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
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
  days: (count: number) =>
    count % 7 === 0 && count > 7 ? `${count / 7} weeks` : count === 1 ? '1 day' : `${count} days`,
};
