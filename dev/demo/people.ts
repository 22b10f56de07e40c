import type { Language } from '../../locales/formats.ts';

/** The invented people of the demo practice. Telephone numbers are ones that nobody can have: UK drama numbers and unassigned Dutch ones. */
export interface DemoPatient {
  firstName: string;
  lastNamePrefix?: string;
  lastName: string;
  birthDate: string;
  email?: string;
  mobile?: string;
  contactOwner?: 'patient' | 'parent' | 'carer';
  /** None: the practice's. */
  language?: Language;
}

let lines = 10;
const dutchMobile = () => `+316000000${lines++}`;
const britishMobile = () => `+4477009000${lines++}`;

type Contacts = 'both' | 'email' | 'mobile' | 'none';

function dutch(firstName: string, lastName: string, birthDate: string, contacts: Contacts = 'both'): DemoPatient {
  const [, prefix = '', name = lastName] = /^([a-z ]+ )?(.+)$/.exec(lastName)!;
  return {
    firstName,
    lastNamePrefix: prefix.trim(),
    lastName: name,
    birthDate,
    language: 'nl',
    ...contactsOf(contacts, firstName, lastName, 'example.org', dutchMobile),
  };
}

function english(firstName: string, lastName: string, birthDate: string, contacts: Contacts = 'both'): DemoPatient {
  return {
    firstName,
    lastName,
    birthDate,
    language: 'en',
    ...contactsOf(contacts, firstName, lastName, 'example.com', britishMobile),
  };
}

function contactsOf(contacts: Contacts, firstName: string, lastName: string, domain: string, mobile: () => string) {
  const address = `${firstName}.${lastName}@${domain}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f' ]/g, '');
  return {
    email: contacts === 'both' || contacts === 'email' ? address : undefined,
    mobile: contacts === 'both' || contacts === 'mobile' ? mobile() : undefined,
  };
}

/** A child, whose email and mobile are those of a parent. */
function childOf(parent: DemoPatient, firstName: string, birthDate: string): DemoPatient {
  return { ...parent, firstName, birthDate, contactOwner: 'parent' };
}

const lotte = dutch('Lotte', 'van den Berg', '1986-03-14');
const hannah = english('Hannah', 'Whitlock', '1983-11-02');
const bram = dutch('Bram', 'Kuipers', '1979-06-21');

/** Those whose plans show something, by what they show; the rest fill the book. */
export const cast = {
  /** To Be Booked with a time, both contacts: the plain case. */
  readyForLink: hannah,
  /** Two weeks between this visit and the planned one; email only. */
  twoWeeksInterval: dutch('Willem', 'de Groot', '1958-09-30', 'email'),
  withoutContacts: dutch('Cornelia', 'Postma', '1947-02-08', 'none'),
  zeroExpectedTime: english('Marcus', 'Thornbury', '1991-07-17'),
  providerNotOnline: dutch('Jeroen', 'Hofstra', '1974-12-05'),
  severalPlanned: lotte,
  /** A child with two appointments today; the contacts are a parent's. */
  twoVisitsToday: childOf(bram, 'Fleur', '2015-05-19'),
  /** Left a moment ago: their tasks stand on the Departure Task List when the practice opens for the first time. */
  leftWithBoth: english('Imogen', 'Castleford', '1995-01-26'),
  leftWithMobile: dutch('Youssef', 'Amrani', '1988-08-11', 'mobile'),
  notTicked: bram,
  postponed: english('Edmund', 'Fairweather', '1966-04-03'),
  unbooked: dutch('Anneke', 'ter Horst', '1971-10-29'),
  linkExpired: dutch('Pieter', 'Wiersma', '1993-02-15'),
  /** Their links are out, named by what became of the messages or is left of the time. */
  linkDelivered: english('Beatrice', 'Langdale', '1978-08-08'),
  linkOpened: dutch('Noortje', 'Vermaat', '1998-06-06'),
  linkSent: english('Gareth', 'Pemberton', '1955-03-06', 'email'),
  linkReminded: dutch('Aylin', 'Demirci', '1987-04-16'),
  linkEndsSoon: dutch('Ruben', 'Schouten', '1982-03-31'),
  linkNotDelivered: dutch('Hendrik', 'Zijlstra', '1951-01-18', 'mobile'),
} satisfies Record<string, DemoPatient>;

export const others: DemoPatient[] = [
  childOf(lotte, 'Daan', '2014-08-23'),
  childOf(lotte, 'Evi', '2017-02-11'),
  childOf(hannah, 'Oscar', '2013-12-09'),
  dutch('Maarten', 'van der Linden', '1962-05-27'),
  dutch('Saskia', 'Bloemhof', '1990-09-04', 'email'),
  dutch('Margriet', 'van Rijswijk', '1969-11-12'),
  dutch('Sem', 'Brandsma', '2001-07-22'),
  dutch('Gerda', 'Lamers', '1944-10-07', 'none'),
  dutch('Thijs', 'Oosterveld', '1996-02-29'),
  dutch('Roos', 'de Clercq', '1985-12-20'),
  english('Callum', 'Ashworth', '1999-05-13', 'mobile'),
  english('Priya', 'Ramanathan', '1989-09-25'),
  english('Zoe', 'Hartnell', '2003-01-30'),
  english('Desmond', 'Achebe-Cole', '1964-06-18'),
  english('Fiona', 'MacAllister', '1972-12-27'),
  english('Rupert', 'Quayle', '1981-10-10', 'none'),
  english('Tamsin', 'Greenhalgh', '1994-04-22'),
  english('Leonard', 'Osgood', '1949-07-01', 'mobile'),
  { ...english('Miriam', 'Feldberg', '1976-02-02'), language: undefined },
  { ...dutch('Koen', 'Dijkgraaf', '1984-11-24'), language: undefined },
  { ...dutch('Truus', 'Hazelaar', '1938-09-15', 'mobile'), contactOwner: 'carer' },
];
