import type { PatientAnswer } from '../../domain/bookings/answer.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { ClockIcon, PersonIcon, PhoneIcon, PinIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';

export interface ChooseTimeProps {
  reader: Reader;
  practice: Practice;
  /** The link's path, /b/… */
  link: string;
  first: string;
  provider: string;
  minutes: number;
  place: string;
  /** Only named where it is not the reader's own, which we cannot know: always said in words. */
  zone: string;
  /** The very next times of all; none on later pages. */
  soonest: number[];
  days: { day: string; mornings: number[]; afternoons: number[] }[];
  laterFrom: string | null;
  earlierFrom: string | null;
  /** What the patient said before; a time can still be chosen. */
  answer: PatientAnswer | null;
  notice: 'taken' | 'notOffered' | 'changed' | 'lapsed' | null;
}

/** Gaps of exactly the right length with the right provider; each is one button. */
export function ChooseTimePage(props: ChooseTimeProps) {
  const { reader, practice, link, first, provider, minutes, place, zone, answer, notice } = props;
  const { t } = reader;
  const title = t.patientLinks.chooseFor(first);
  const nothing = props.days.length === 0 && !props.laterFrom && !props.earlierFrom;
  return (
    <PatientPage reader={reader} practice={practice} title={title} link={link}>
      <h1>{title}</h1>
      <ul class="facts">
        <li>
          <PersonIcon /> {t.patientLinks.with(provider)}
        </li>
        <li>
          <ClockIcon /> {t.patientLinks.minutes(minutes)}
        </li>
        <li>
          <PinIcon /> {place}
        </li>
      </ul>
      {notice ? (
        <p class="notice" role="alert">
          {t.patientLinks[notice]}
        </p>
      ) : null}
      {answer && answer !== 'not_for_me' ? (
        <p class="notice" role="status">
          {t.patientLinks.answeredBefore[answer]}
        </p>
      ) : null}
      {nothing ? <p class="empty">{t.patientLinks.noTimesAtAll(practice.phone)}</p> : <Times {...props} />}
      <Pages {...props} />
      <Answers {...props} />
      <p class="hint">
        {t.patientLinks.zone(zone)} {t.patientLinks.privacy}
      </p>
    </PatientPage>
  );
}

/** Ways to say that it is not to be a time from this page. */
function Answers({ reader, link }: ChooseTimeProps) {
  const { t } = reader;
  return (
    <section class="answers" aria-labelledby="answers">
      <h2 id="answers">{t.patientLinks.otherwise}</h2>
      <form action={`${link}/answer`} method="post">
        <Csrf reader={reader} />
        <button type="submit" name="answer" value="no_time_suits">
          {t.patientLinks.answers.no_time_suits}
        </button>
        <button type="submit" name="answer" value="call_me">
          <PhoneIcon /> {t.patientLinks.answers.call_me}
        </button>
        <a class="button quiet" href={`${link}/not-for-me`}>
          {t.patientLinks.answers.not_for_me}
        </a>
      </form>
    </section>
  );
}

function Times({ reader, link, soonest, days }: ChooseTimeProps) {
  const { t, f } = reader;
  return (
    <form action={`${link}/hold`} method="post">
      <Csrf reader={reader} />
      <input type="hidden" name="from" value={days[0]?.day ?? ''} />
      {soonest.length > 0 ? (
        <section aria-labelledby="soonest">
          <h2 id="soonest">{t.patientLinks.soonest}</h2>
          <div class="soonest">
            {soonest.map((start) => (
              <button type="submit" class="time big" name="startsAt" value={String(start)}>
                <span>{f.longDay(start)}</span>
                <strong>{f.time(start)}</strong>
              </button>
            ))}
          </div>
        </section>
      ) : null}
      <section aria-labelledby="all-times">
        <h2 id="all-times">{t.patientLinks.allTimes}</h2>
        {days.length === 0 ? <p class="empty">{t.patientLinks.noTimes}</p> : null}
        {days.map(({ day, mornings, afternoons }) => (
          <section class="day" aria-label={f.longDayOf(day)}>
            <h3>{f.longDayOf(day)}</h3>
            <div class="halves">
              <HalfDay reader={reader} label={t.patientLinks.mornings} day={f.longDayOf(day)} starts={mornings} />
              <HalfDay reader={reader} label={t.patientLinks.afternoons} day={f.longDayOf(day)} starts={afternoons} />
            </div>
          </section>
        ))}
      </section>
    </form>
  );
}

function HalfDay({ reader, label, day, starts }: { reader: Reader; label: string; day: string; starts: number[] }) {
  if (starts.length === 0) return null;
  return (
    <div class="half-day">
      <h4>{label}</h4>
      <div class="times">
        {starts.map((start) => (
          <button
            type="submit"
            class="time"
            name="startsAt"
            value={String(start)}
            aria-label={`${day}, ${reader.f.time(start)}`}
          >
            {reader.f.time(start)}
          </button>
        ))}
      </div>
    </div>
  );
}

function Pages({ reader, link, earlierFrom, laterFrom }: ChooseTimeProps) {
  const { t } = reader;
  if (!earlierFrom && !laterFrom) return null;
  return (
    <nav class="pager" aria-label={t.patientLinks.moreDays}>
      {earlierFrom ? (
        <a class="button" href={`${link}?from=${earlierFrom}`}>
          {t.patientLinks.earlierDays}
        </a>
      ) : null}
      {laterFrom ? (
        <a class="button" href={`${link}?from=${laterFrom}`}>
          {t.patientLinks.laterDays}
        </a>
      ) : null}
    </nav>
  );
}
