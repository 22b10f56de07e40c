/** What patients may ask of their data. */
export const privacy = {
  title: 'Privacy',
  export: 'Export all data',
  eraseAsk: 'Erase data…',
  eraseTitle: (name: string) => `Erase the data of ${name}`,
  goes: 'What is erased now',
  goesList: [
    'Email address and mobile number',
    'All links, which open nothing any more',
    'The texts of all messages, sent and received',
    'Notes of Follow Up',
    'Efforts to book that are still open: they end',
  ],
  stays: 'What stays',
  staysUntil: (day: string) =>
    `Name, birth date, treatment plans and appointments are part of the record and stay until ${day}, as the practice’s settings say. After that day they are erased by themselves. The access log stays for five years.`,
  openBookings: (count: number) =>
    count === 1 ? 'One effort to book is open and ends now.' : `${count} efforts to book are open and end now.`,
  sure: 'The patient has asked for this, and it cannot be undone',
  erase: 'Erase',
  erasedOn: (day: string) => `Contacts, links and texts were erased at the patient’s wish on ${day}.`,
  recordErasedOn: (day: string) => `The record was erased on ${day}.`,
};
