/** The demo practice's rooms, treatment codes, providers and staff: all invented. */

export const practice = {
  name: 'Lindegracht Dental Care',
  shortName: 'Lindegracht',
  phone: '+31 20 000 0010',
  email: 'desk@lindegracht.example.org',
  timeZone: 'Europe/Amsterdam',
  language: 'en',
  emailSenderName: 'Lindegracht Dental Care',
} as const;

export const location = {
  name: 'Lindegracht',
  street: 'Voorbeeldgracht 12',
  postalCode: '1000 AA',
  city: 'Amsterdam',
  phone: practice.phone,
};

export const chairNames = ['Chair 1', 'Chair 2', 'Hygiene', 'Chair 4'];

export const services = {
  checkUp: { code: 'C002', nameEn: 'Periodic check-up', nameNl: 'Periodieke controle', estimatedMinutes: 15 },
  consultation: {
    code: 'C003',
    nameEn: 'Consultation about a complaint',
    nameNl: 'Probleemgericht consult',
    estimatedMinutes: 20,
  },
  anaesthesia: { code: 'A10', nameEn: 'Local anaesthesia', nameNl: 'Lokale verdoving', estimatedMinutes: 5 },
  xray: { code: 'X10', nameEn: 'Small X-ray', nameNl: 'Kleine röntgenfoto', estimatedMinutes: 5 },
  filling: {
    code: 'V92',
    nameEn: 'Two-surface filling, composite',
    nameNl: 'Tweevlaksvulling composiet',
    estimatedMinutes: 30,
  },
  largeFilling: {
    code: 'V94',
    nameEn: 'Filling of more than three surfaces',
    nameNl: 'Meervlaksvulling composiet',
    estimatedMinutes: 45,
  },
  rootCanal: {
    code: 'E13',
    nameEn: 'Root canal treatment, one canal',
    nameNl: 'Wortelkanaalbehandeling, één kanaal',
    estimatedMinutes: 60,
  },
  crown: { code: 'R24', nameEn: 'Crown preparation', nameNl: 'Kroonpreparatie', estimatedMinutes: 60 },
  crownFitting: { code: 'R25', nameEn: 'Fitting a crown', nameNl: 'Kroon plaatsen', estimatedMinutes: 30 },
  extraction: { code: 'H11', nameEn: 'Extraction', nameNl: 'Trekken van een tand of kies', estimatedMinutes: 30 },
  cleaning: { code: 'M03', nameEn: 'Dental cleaning', nameNl: 'Gebitsreiniging', estimatedMinutes: 30 },
  gumScreening: {
    code: 'T012',
    nameEn: 'Periodontal examination',
    nameNl: 'Parodontaal onderzoek',
    estimatedMinutes: 45,
  },
  fluoride: { code: 'M40', nameEn: 'Fluoride application', nameNl: 'Fluoridebehandeling', estimatedMinutes: 10 },
  sealing: { code: 'V30', nameEn: 'Fissure sealing', nameNl: 'Fissuurlak', estimatedMinutes: 15 },
  laboratory: { code: 'TECH', nameEn: 'Laboratory work', nameNl: 'Techniekkosten', estimatedMinutes: 0 },
} as const;

export type ServiceKey = keyof typeof services;

/** Minutes after local midnight. */
export const openFrom = 8 * 60;
export const openUntil = 17 * 60 + 30;

export type ProviderKey = 'dentist' | 'secondDentist' | 'hygienist';

export const providers = {
  dentist: {
    title: 'Dr',
    name: 'Femke Aalders',
    colour: 1,
    chair: 0,
    online: true,
    weekdays: [1, 2, 3, 4, 5],
    hours: [
      [480, 750],
      [795, 1020],
    ],
  },
  secondDentist: {
    title: 'Dr',
    name: 'Oliver Marsh',
    colour: 4,
    chair: 1,
    online: false,
    weekdays: [1, 2, 4, 5],
    hours: [
      [510, 750],
      [795, 1050],
    ],
  },
  hygienist: {
    title: '',
    name: 'Sanne de Wit',
    colour: 6,
    chair: 2,
    online: true,
    weekdays: [2, 3, 4, 5],
    hours: [
      [540, 750],
      [780, 1020],
    ],
  },
} satisfies Record<
  ProviderKey,
  {
    title: string;
    name: string;
    colour: number;
    chair: number;
    online: boolean;
    weekdays: number[];
    hours: [number, number][];
  }
>;

const password = 'welcome to the practice';

/** Who may sign in, one for each role in each language. */
export const demoUsers = [
  { role: 'receptionist', name: 'Rosie Bellamy', email: 'reception@lindegracht.example.org', password, language: 'en' },
  { role: 'provider', name: 'Oliver Marsh', email: 'marsh@lindegracht.example.org', password, language: 'en' },
  { role: 'manager', name: 'Judith Harcourt', email: 'manager@lindegracht.example.org', password, language: 'en' },
  { role: 'receptionist', name: 'Marieke Dekker', email: 'receptie@lindegracht.example.org', password, language: 'nl' },
  { role: 'provider', name: 'Femke Aalders', email: 'aalders@lindegracht.example.org', password, language: 'nl' },
  {
    role: 'manager',
    name: 'Wouter Nijland',
    email: 'praktijkmanager@lindegracht.example.org',
    password,
    language: 'nl',
  },
] as const;
