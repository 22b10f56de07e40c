import type { ComponentChildren } from 'preact';
import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import type { Chart, PlannedAppointment, TreatmentPlan } from '../../domain/chart/read.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field } from '../forms/Field.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { opensWindow } from '../layout/Window.tsx';
import { type FormState, untouched, type Viewer } from '../reader.ts';
import { OrderButtons } from './OrderButtons.tsx';
import { PlannedState } from './PlannedState.tsx';

export interface ChartProps {
  viewer: Viewer;
  chart: Chart;
  /** The practice's booking interval, in days. */
  defaultIntervalDays: number;
  /** What was just done, a code of `chart.notices`. */
  notice?: string | null;
  /** The form of a new plan. */
  form?: FormState;
  /** A window that stands over the page. */
  window?: ComponentChildren;
}

/** Whether the reader plans treatments; the others read. */
export const plans = ({ role }: Viewer) => role !== 'receptionist';

/** A patient's treatment plans with their planned appointments. */
export function ChartPage(props: ChartProps) {
  const { viewer, chart, notice, form = untouched, window } = props;
  const { t, f } = viewer;
  const { patient } = chart;
  const done = notice ? t.chart.notices[notice] : undefined;
  return (
    <StaffPage viewer={viewer} title={t.chart.titleOf(patient.name)} tab="patients" window={window}>
      {done ? (
        <p class="notice" role="status">
          {done}
        </p>
      ) : null}
      <div class="page-head">
        <div>
          <p class="hint">{t.chart.title}</p>
          <h1>{patient.name}</h1>
          <p class="hint">
            {t.common.bornOn(f.date(patient.birthDate))} · {t.common.numbered(patient.number)}
          </p>
        </div>
        <p class="actions">
          <a class="button" href={`/patients/${patient.id}`}>
            {t.chart.patientFile}
          </a>
        </p>
      </div>
      <ChartPlans {...props} />
      {plans(viewer) ? (
        <form class="card inline-form" action={`/patients/${patient.id}/treatment-plans`} method="post">
          <Csrf reader={viewer} />
          <Field
            reader={viewer}
            form={form}
            name="name"
            label={`${t.chart.newPlan}: ${t.chart.planName.toLowerCase()}`}
            maxLength={80}
          />
          <button type="submit">{t.chart.createPlan}</button>
        </form>
      ) : null}
    </StaffPage>
  );
}

/** The plans alone; drawn again by themselves when a booking moves on. */
export function ChartPlans({
  viewer,
  chart,
  defaultIntervalDays,
}: Pick<ChartProps, 'viewer' | 'chart' | 'defaultIntervalDays'>) {
  const { t } = viewer;
  const planned = chart.plans.some(({ appointments }) => appointments.length > 0);
  return (
    <div
      id="chart"
      hx-get={`/patients/${chart.patient.id}/chart`}
      hx-trigger="tasks from:#live, followUp from:#live, online from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
      data-said-failed={t.problems.pages.busy}
    >
      {plans(viewer) && planned ? <p class="hint edit-hint">{t.chart.editHint}</p> : null}
      {chart.plans.length === 0 ? <p class="empty">{t.chart.noPlans}</p> : null}
      {chart.plans.map((plan) => (
        <Plan viewer={viewer} plan={plan} defaultIntervalDays={defaultIntervalDays} />
      ))}
    </div>
  );
}

function Plan({
  viewer,
  plan,
  defaultIntervalDays,
}: {
  viewer: Viewer;
  plan: TreatmentPlan;
  defaultIntervalDays: number;
}) {
  const { t, f } = viewer;
  return (
    <section class="card plan" aria-labelledby={`plan-${plan.id}`}>
      <header class="section-head">
        <h2 id={`plan-${plan.id}`}>{plan.name}</h2>
        <p class="hint">{t.chart.plannedOn(f.fullDay(plan.createdAt))}</p>
        {plans(viewer) ? (
          <p class="actions">
            <a class="button quiet" {...opensWindow(`/treatment-plans/${plan.id}`)}>
              {t.chart.rename} <span class="visually-hidden">{plan.name}</span>
            </a>
            <a class="button quiet" {...opensWindow(`/treatment-plans/${plan.id}/deletion`)}>
              {t.chart.removePlan} <span class="visually-hidden">{plan.name}</span>
            </a>
            <a class="button" {...opensWindow(`/treatment-plans/${plan.id}/planned-appointments/new`)}>
              {t.chart.addAppointment}
            </a>
          </p>
        ) : null}
      </header>
      {plan.appointments.length === 0 ? (
        <p class="empty">{t.chart.noAppointments}</p>
      ) : (
        <table class="table planned-table">
          <thead>
            <tr>
              <th scope="col">{t.chart.plannedAppointment}</th>
              <th scope="col">{t.chart.provider}</th>
              <th scope="col">{t.chart.interval}</th>
              <th scope="col">{t.chart.expectedTime}</th>
              <th scope="col">{t.chart.state}</th>
              {plans(viewer) ? (
                <th scope="col">
                  <span class="visually-hidden">{t.chart.order}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {plan.appointments.map((planned, index) => (
              <PlannedRow
                viewer={viewer}
                planned={planned}
                place={index + 1}
                last={plan.appointments.length}
                defaultIntervalDays={defaultIntervalDays}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface RowProps {
  viewer: Viewer;
  planned: PlannedAppointment;
  /** From 1. */
  place: number;
  last: number;
  defaultIntervalDays: number;
}

function PlannedRow({ viewer, planned, place, last, defaultIntervalDays }: RowProps) {
  const { t } = viewer;
  const url = `/planned-appointments/${planned.id}`;
  const name = planned.description || t.chart.plannedAppointment;
  return (
    <tr id={`planned-${planned.id}`} data-opens={plans(viewer) ? `open-${planned.id}` : undefined}>
      <td>
        {plans(viewer) && last > 1 ? <span class="grip" title={t.chart.drag} aria-hidden="true" /> : null}
        {plans(viewer) ? (
          <a id={`open-${planned.id}`} {...opensWindow(url)}>
            {name}
          </a>
        ) : (
          <strong>{name}</strong>
        )}
        <Services viewer={viewer} services={planned.services} />
        {planned.note ? <p class="note">{planned.note}</p> : null}
      </td>
      <td data-label={t.chart.provider}>{planned.providerName ?? <span class="hint">{t.chart.noProvider}</span>}</td>
      <td data-label={t.chart.interval}>
        {planned.intervalDays === null ? (
          <span class="hint">{t.common.days(defaultIntervalDays)}</span>
        ) : (
          t.common.days(planned.intervalDays)
        )}
      </td>
      <td data-label={t.chart.expectedTime}>
        {formatLength(planned.minutes)}
        {planned.overrideMinutes === null ? null : (
          <small class="hint">{t.chart.byHand(formatLength(planned.sumMinutes))}</small>
        )}
      </td>
      <td data-label={t.chart.state}>
        <PlannedState viewer={viewer} planned={planned} />
      </td>
      {plans(viewer) ? (
        <td>
          <div class="actions">
            <OrderButtons viewer={viewer} id={planned.id} name={name} place={place} last={last} />
            <a class="button quiet" {...opensWindow(`${url}/deletion`)}>
              {t.chart.remove} <span class="visually-hidden">{name}</span>
            </a>
          </div>
        </td>
      ) : null}
    </tr>
  );
}

function Services({ viewer, services }: { viewer: Viewer; services: PlannedAppointment['services'] }) {
  if (services.length === 0) return null;
  return (
    <ul class="services">
      {services.map(({ code, nameEn, nameNl, tooth, estimatedMinutes }) => (
        <li>
          <code>{code}</code> {viewer.language === 'nl' ? nameNl : nameEn}
          {tooth ? ` ${tooth}` : ''} <span class="hint">{formatLength(estimatedMinutes)}</span>
        </li>
      ))}
    </ul>
  );
}
