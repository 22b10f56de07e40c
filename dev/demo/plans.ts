import { cast, type DemoPatient } from './people.ts';
import type { Scene } from './scene.ts';
import { draftPlan } from './writing.ts';

/** What the planned appointments of those who left are, by patient: each needs its booking. */
export type Planned = Map<DemoPatient, string[]>;

/** Plans in every state. Names of plans are the patient's provider's words; they stand in the patient's language. */
export function draftPlans(scene: Scene): Planned {
  const planned: Planned = new Map();
  const plan = (patient: DemoPatient, name: string, drafts: Parameters<typeof draftPlan>[3]) =>
    planned.set(patient, draftPlan(scene, patient, name, drafts, new Date(scene.now - 21 * 86_400_000)));

  plan(cast.readyForLink, 'Crown 36', [
    {
      services: ['anaesthesia', 'crown'],
      tooth: '36',
      provider: 'dentist',
      toBeBooked: true,
      note: 'Shade A2, prefers mornings',
    },
  ]);
  plan(cast.twoWeeksInterval, 'Parodontale behandeling', [
    {
      services: ['gumScreening'],
      provider: 'hygienist',
      toBeBooked: true,
      intervalDays: 14,
      note: 'Meting na twee weken herhalen',
    },
  ]);
  plan(cast.withoutContacts, 'Restauratie 14', [
    { services: ['anaesthesia', 'filling'], tooth: '14', provider: 'dentist', toBeBooked: true },
  ]);
  plan(cast.zeroExpectedTime, 'Night guard', [
    { services: ['laboratory'], provider: 'dentist', toBeBooked: true, note: 'Time depends on the laboratory' },
  ]);
  plan(cast.providerNotOnline, 'Extractie 48', [
    { services: ['xray', 'anaesthesia', 'extraction'], tooth: '48', provider: 'secondDentist', toBeBooked: true },
  ]);
  plan(cast.severalPlanned, 'Kroon 26 en reiniging', [
    {
      services: ['anaesthesia', 'crown', 'xray'],
      tooth: '26',
      provider: 'dentist',
      toBeBooked: true,
      overrideMinutes: 80,
      intervalDays: 7,
    },
    {
      services: ['crownFitting'],
      tooth: '26',
      provider: 'dentist',
      toBeBooked: false,
      intervalDays: 21,
      note: 'Pas boeken als de kroon binnen is',
    },
    { services: ['cleaning', 'fluoride'], provider: 'hygienist', toBeBooked: true },
  ]);
  plan(cast.twoVisitsToday, 'Fissuurlak', [
    {
      services: ['sealing', 'sealing'],
      provider: 'hygienist',
      toBeBooked: true,
      intervalDays: 7,
      note: 'Na schooltijd',
    },
  ]);
  plan(cast.leftWithBoth, 'Root canal 11', [
    {
      services: ['anaesthesia', 'rootCanal', 'xray'],
      tooth: '11',
      provider: 'dentist',
      toBeBooked: true,
      intervalDays: 3,
    },
  ]);
  plan(cast.leftWithMobile, 'Gebitsreiniging', [
    { services: ['cleaning'], provider: 'hygienist', toBeBooked: true, intervalDays: 28 },
  ]);
  plan(cast.notTicked, 'Vulling 37', [
    { services: ['anaesthesia', 'largeFilling'], tooth: '37', provider: 'dentist', toBeBooked: false },
    { services: ['consultation'], provider: null, toBeBooked: false },
  ]);
  plan(cast.postponed, 'Crown 45', [
    { services: ['anaesthesia', 'crown'], tooth: '45', provider: 'dentist', toBeBooked: true },
  ]);
  plan(cast.unbooked, 'Vulling 16 en reiniging', [
    { services: ['anaesthesia', 'filling'], tooth: '16', provider: 'dentist', toBeBooked: true },
    { services: ['cleaning'], provider: 'hygienist', toBeBooked: true },
  ]);
  plan(cast.linkDelivered, 'Crown 25', [
    { services: ['anaesthesia', 'crown'], tooth: '25', provider: 'dentist', toBeBooked: true, intervalDays: 7 },
  ]);
  plan(cast.linkOpened, 'Vulling 46', [
    { services: ['anaesthesia', 'largeFilling'], tooth: '46', provider: 'dentist', toBeBooked: true },
  ]);
  plan(cast.linkSent, 'Gum treatment', [
    { services: ['gumScreening'], provider: 'hygienist', toBeBooked: true, intervalDays: 14 },
  ]);
  plan(cast.linkReminded, 'Gebitsreiniging', [
    { services: ['cleaning', 'fluoride'], provider: 'hygienist', toBeBooked: true },
  ]);
  plan(cast.linkEndsSoon, 'Kroon 35', [
    { services: ['crownFitting'], tooth: '35', provider: 'dentist', toBeBooked: true },
  ]);
  plan(cast.linkNotDelivered, 'Vulling 24', [
    { services: ['anaesthesia', 'filling'], tooth: '24', provider: 'dentist', toBeBooked: true },
  ]);
  plan(cast.linkExpired, 'Gebitsreiniging', [
    { services: ['cleaning', 'fluoride'], provider: 'hygienist', toBeBooked: true },
  ]);
  return planned;
}
