import { access } from './access.ts';
import { book } from './book.ts';
import { chart } from './chart.ts';
import { common } from './common.ts';
import { departures } from './departures.ts';
import { followUp } from './followUp.ts';
import { inbox } from './inbox.ts';
import { layout } from './layout.ts';
import { messages } from './messages.ts';
import { openBookings } from './openBookings.ts';
import { patientLinks } from './patientLinks.ts';
import { people } from './people.ts';
import { privacy } from './privacy.ts';
import { problems } from './problems.ts';
import { reports } from './reports.ts';
import { settings } from './settings.ts';
import { stages } from './stages.ts';
import { templates } from './templates.ts';

export const nl = {
  access,
  book,
  patientLinks,
  chart,
  common,
  departures,
  followUp,
  inbox,
  layout,
  messages,
  openBookings,
  people,
  privacy,
  problems,
  reports,
  settings,
  stages,
  templates,
};
