import type { privacy as en } from '../en/privacy.ts';

export const privacy: typeof en = {
  title: 'Privacy',
  export: 'Alle gegevens downloaden',
  eraseAsk: 'Gegevens verwijderen…',
  eraseTitle: (name) => `Gegevens van ${name} verwijderen`,
  goes: 'Wat nu wordt verwijderd',
  goesList: [
    'E-mailadres en mobiel nummer',
    'Alle links; ze openen niets meer',
    'De teksten van alle berichten, verzonden en ontvangen',
    'Notities van de follow-up',
    'Boekingen die nog openstaan: ze worden beëindigd',
  ],
  stays: 'Wat blijft staan',
  staysUntil: (day) =>
    `Naam, geboortedatum, behandelplannen en afspraken horen bij het dossier en blijven staan tot ${day}, volgens de instellingen van de praktijk. Daarna worden ze vanzelf verwijderd. Het inzagelog blijft vijf jaar staan.`,
  openBookings: (count) =>
    count === 1
      ? 'Eén boeking staat open en wordt nu beëindigd.'
      : `${count} boekingen staan open en worden nu beëindigd.`,
  sure: 'De patiënt heeft hierom gevraagd, en het kan niet ongedaan worden gemaakt',
  erase: 'Verwijderen',
  erasedOn: (day) => `Contactgegevens, links en teksten zijn op verzoek van de patiënt verwijderd op ${day}.`,
  recordErasedOn: (day) => `Het dossier is verwijderd op ${day}.`,
};
