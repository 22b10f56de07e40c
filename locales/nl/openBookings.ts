import type { openBookings as en } from '../en/openBookings.ts';

export const openBookings: typeof en = {
  title: 'Boekingen',
  intro: 'Alle lopende boekingen: hoe ver ze zijn, en wat er nu gebeurt.',
  needsAttention: 'Vraagt aandacht',
  stage: 'Stadium',
  provider: 'Behandelaar',
  patient: 'Patiënt',
  findPatient: 'Patiënt zoeken',
  onlyOne: (name) => `Alleen ${name}`,
  everybody: 'Alle patiënten',
  show: 'Tonen',
  none: 'Hier loopt geen boeking.',
  allIsWell: 'Niets vraagt aandacht.',
  noWorker: 'Er is geen worker aan het werk.',
  withoutWorker:
    'Berichten aan patiënten, herinneringen en het einde van links en dagen wachten tot er een wordt gestart. Wat patiënten en collega’s intussen invoeren, blijft bewaard.',
  moreThanShown: (shown) => `Alleen de eerste ${shown} zijn te zien. Kies een stadium, behandelaar of patiënt.`,
  since: (when) => `sinds ${when}`,
  openFor: (age) => `loopt ${age}`,
  effort: (number) => `poging ${number}`,
  age: (minutes) =>
    minutes < 60
      ? `${minutes} min`
      : minutes < 48 * 60
        ? `${Math.floor(minutes / 60)} uur`
        : `${Math.floor(minutes / 1440)} dagen`,
  next: {
    day_ends: (when) => `Hierna: naar de follow-up als Niet geboekt, ${when}.`,
    reminder: (when) => `Hierna: een herinnering, ${when}.`,
    link_ends: (when) => `Hierna: de link verloopt, ${when}.`,
    write: () => 'Hierna: de afspraak wordt meteen geschreven.',
    finish: () => 'Hierna: wat nog te doen is, wordt meteen afgemaakt.',
    try_again: (when) => `Hierna: opnieuw geprobeerd, ${when}.`,
    nobody: () => 'Vanzelf gebeurt er niets meer: iemand moet beslissen.',
  },
  reasons: {
    step_failing: 'Een stap mislukt en wordt opnieuw geprobeerd',
    relay_parked: 'Een bericht aan de workflow is geweigerd',
    relay_late: 'Een bericht aan de workflow is te laat',
    not_written: 'De patiënt heeft bevestigd, maar de afspraak is niet geschreven',
    message_uncertain: 'Onduidelijk of een bericht is verstuurd',
    workflow_missing: 'De workflow ontbrak; hij wordt opnieuw gestart',
    overdue:
      'Te laat: het moment is meer dan vijf minuten voorbij, en er is niets gebeurd. Probeer het nu opnieuw; helpt dat niet, geef de boeking dan aan de balie of bel de patiënt',
  },
  steps: {
    readBooking: 'De boeking lezen',
    openDepartureTask: 'De taak van de vertreklijst bewaken',
    endDeparture: 'Wat van de dag overblijft naar de follow-up brengen',
    deliverMessages: 'Berichten bij de patiënt afleveren',
    remind: 'De patiënt herinneren',
    expireLink: 'De link laten verlopen',
    writeAppointment: 'De afspraak in het boek schrijven',
    sendConfirmation: 'De bevestiging versturen',
    moveOffFollowUp: 'De patiënt van de follow-up halen',
    recordUsage: 'De boeking in het verslag tellen',
    settle: 'De boeking afsluiten',
  },
  failures: {
    database: 'de database weigerde of was er niet',
    link_key: 'het geheim van de link ontbreekt of is veranderd',
    no_end: 'het kwam niet op tijd tot een einde',
    unexpected: 'een onverwachte fout',
  },
  lastError: (step, error) => `${step}: ${error}`,
  attempts: (count, when) => `${count} pogingen sinds ${when}`,
  engineSaid: 'Wat Temporal zei',
  tryAgain: 'Nu opnieuw proberen',
  resendLink: 'Link opnieuw versturen…',
  resendConfirmation: 'Bevestiging opnieuw versturen',
  giveToDesk: 'Aan de balie geven…',
  giveToDeskTitle: 'Aan de balie geven',
  giveToDeskHint: {
    departing: 'De taak verdwijnt van de vertreklijst. De patiënt staat op de follow-up als Niet geboekt.',
    link_sent:
      'De link eindigt, en een tijd die de patiënt vasthoudt komt vrij. De patiënt staat op de follow-up als Niet geboekt.',
    confirmed:
      'De tijd die de patiënt heeft bevestigd, wordt nu in het boek geschreven. Is er geen tijd vastgehouden, dan staat de patiënt op de follow-up als Niet geboekt.',
  },
  note: 'Voor wie het oppakt',
  close: 'Afsluiten…',
  closeTitle: 'Afsluiten met een reden',
  closeHint:
    'De poging eindigt: de link, een vastgehouden tijd, de taak en de follow-up gaan mee. De behandelkaart blijft zoals die is.',
  setAsideHint: 'Het vraagt geen aandacht meer. Wat nog naar de patiënt onderweg is, wordt niet verstuurd.',
  reason: 'Reden',
  engine: {
    title: 'Achter de boekingen',
    workers: 'Workers',
    noWorker: 'In de laatste anderhalve minuut is er geen gezien: boekingen wachten.',
    workersSeen: (count) => (count === 1 ? '1 is aan het werk' : `${count} zijn aan het werk`),
    relay: 'Berichten aan workflows',
    relayEmpty: 'Er wacht er geen',
    relayWaiting: (count, seconds) =>
      count === 1 ? `1 wacht, sinds ${seconds} s` : `${count} wachten, de oudste sinds ${seconds} s`,
    parked: 'Geweigerde berichten',
    sweep: 'Laatste controle',
    sweptAt: (when, started) => `${when}; ontbrekende workflows: ${started}`,
    database: 'Database',
    databaseAnswers: (version, ms) => `versie ${version}, antwoordde in ${ms} ms`,
    carrier: (channel) => `Laatst verstuurd per ${channel}`,
    never: 'nog niet',
  },
  letter: {
    subject: (count) => (count === 1 ? '1 boeking vraagt aandacht' : `${count} boekingen vragen aandacht`),
    body: (count, url) =>
      `${count === 1 ? 'Een boeking gaat niet vanzelf verder' : `${count} boekingen gaan niet vanzelf verder`}. Bekijk wat er mis is, en wat u eraan kunt doen:\n\n${url}\n\nDeze e-mail komt hooguit één keer per dag, zolang er iets aandacht vraagt. Uitzetten kan bij Instellingen › Praktijk.`,
  },
};
