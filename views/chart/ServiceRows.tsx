import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import type { ChartChoices, PlannedService } from '../../domain/chart/read.ts';
import { choicesWithOwn } from '../forms/choices.ts';
import { FieldError } from '../forms/Field.tsx';
import type { Viewer } from '../reader.ts';

/** A service as it stands in the form; `serviceId` empty while none is chosen. */
export interface ServiceRow {
  serviceId: string;
  tooth: string;
  /** None while no service is chosen. */
  estimatedMinutes: number | null;
}

export interface ServiceRowsProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  rows: ServiceRow[];
  offered: ChartChoices['services'];
  /** Services that were planned, offered still or not. */
  planned: PlannedService[];
  errors: Record<string, string>;
}

/** The services with their Estimated Times. Buttons and changes send the form, and it comes back as filled, with the new sum. */
export function ServiceRows({ viewer, url, rows, offered, planned, errors }: ServiceRowsProps) {
  const { t } = viewer;
  const error = errors.services ?? errors.service;
  const recounts = {
    'hx-post': url,
    'hx-trigger': 'change',
    'hx-target': '#window',
    'hx-swap': 'innerMorph',
    'hx-vals': '{"step":"recount"}',
  };
  const steps = { 'hx-post': url, 'hx-target': '#window', 'hx-swap': 'innerMorph' };
  return (
    <fieldset class="services">
      <legend>{t.chart.services}</legend>
      {rows.length > 0 ? (
        <table class="table service-rows">
          <thead>
            <tr>
              <th scope="col">{t.chart.service}</th>
              <th scope="col">{t.chart.tooth}</th>
              <th scope="col">{t.chart.estimatedTime}</th>
              <th scope="col">
                <span class="visually-hidden">{t.chart.remove}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr>
                <td>
                  <select
                    id={`service-${index}`}
                    name="service"
                    aria-label={t.chart.serviceNumber(index + 1)}
                    {...recounts}
                  >
                    {serviceChoices(viewer, offered, planned, row).map(({ value, label }) => (
                      <option value={value} selected={value === row.serviceId}>
                        {label}
                      </option>
                    ))}
                  </select>
                </td>
                <td data-label={t.chart.tooth}>
                  <input
                    id={`tooth-${index}`}
                    name="tooth"
                    value={row.tooth}
                    size={3}
                    maxLength={2}
                    inputMode="numeric"
                    aria-label={t.chart.toothOf(index + 1)}
                  />
                </td>
                <td class="number" data-label={t.chart.estimatedTime}>
                  {row.estimatedMinutes === null ? '–' : formatLength(row.estimatedMinutes)}
                </td>
                <td>
                  <button
                    type="submit"
                    id={`remove-${index}`}
                    class="quiet"
                    name="step"
                    value={`remove-${index}`}
                    formNoValidate
                    {...steps}
                  >
                    {t.chart.remove} <span class="visually-hidden">{t.chart.serviceNumber(index + 1)}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {errors.tooth ? (
        <p class="error" role="alert">
          {t.chart.toothInvalid}
        </p>
      ) : null}
      <FieldError reader={viewer} code={error} />
      <button type="submit" id="add-service" name="step" value="add" formNoValidate {...steps}>
        {t.chart.addService}
      </button>
    </fieldset>
  );
}

function serviceChoices(
  viewer: Viewer,
  offered: ServiceRowsProps['offered'],
  planned: PlannedService[],
  { serviceId }: ServiceRow,
) {
  const { t, language } = viewer;
  const named = (id: string, { code, nameEn, nameNl }: { code: string; nameEn: string; nameNl: string }) => ({
    id,
    name: `${code} ${language === 'nl' ? nameNl : nameEn}`,
  });
  const own = planned.find((one) => one.serviceId === serviceId);
  const services = offered.map((service) => named(service.id, service));
  return [{ value: '', label: t.chart.noService }, ...choicesWithOwn(viewer, services, own && named(serviceId, own))];
}
