import type { UsageRow } from '../../domain/reports/usage.ts';
import { FilterSelect } from '../forms/FilterSelect.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Viewer } from '../reader.ts';
import { MonthBars } from './MonthBars.tsx';
import { ReportsNav } from './ReportsNav.tsx';

export interface FeatureUsageProps {
  viewer: Viewer;
  /** 'YYYY-MM', both included, and every month between. */
  fromMonth: string;
  untilMonth: string;
  months: string[];
  providerId: string | null;
  providers: { id: string; name: string }[];
  rows: UsageRow[];
}

/** Counts bookings made online: by month, kind and provider. */
export function FeatureUsagePage({
  viewer,
  fromMonth,
  untilMonth,
  months,
  providerId,
  providers,
  rows,
}: FeatureUsageProps) {
  const { t, f } = viewer;
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const query = `from=${fromMonth}&until=${untilMonth}&provider=${providerId ?? ''}`;
  return (
    <StaffPage viewer={viewer} title={t.reports.title} tab="reports">
      <ReportsNav viewer={viewer} shown="usage" />
      <h1>{t.reports.title}</h1>
      <p class="hint">{t.reports.intro}</p>
      <form class="filter no-print" method="get">
        <label>
          {t.common.from}
          <input type="month" name="from" value={fromMonth} required />
        </label>
        <label>
          {t.common.until}
          <input type="month" name="until" value={untilMonth} required />
        </label>
        <FilterSelect reader={viewer} name="provider" label={t.book.provider} choices={providers} chosen={providerId} />
        <button type="submit">{t.common.show}</button>
        <a class="button quiet" href={`/reports/feature-usage.csv?${query}`}>
          {t.reports.csv}
        </a>
        <button type="button" class="quiet scripted-only" data-print>
          {t.reports.print}
        </button>
      </form>
      <MonthBars
        label={t.reports.chart(f.integer(total))}
        bars={months.map((month) => ({
          label: f.shortMonth(month),
          value: rows.filter((row) => row.month === month).reduce((sum, { count }) => sum + count, 0),
        }))}
      />
      {rows.length === 0 ? (
        <p class="empty">{t.reports.none}</p>
      ) : (
        <table class="table stacks">
          <thead>
            <tr>
              <th scope="col">{t.reports.month}</th>
              <th scope="col">{t.followUp.kind}</th>
              <th scope="col">{t.reports.provider}</th>
              <th scope="col" class="number">
                {t.reports.bookings}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ month, kind, providerName, count }) => (
              <tr>
                <td class="leading">{f.month(month)}</td>
                <td data-label={t.followUp.kind}>{t.reports.kinds[kind]}</td>
                <td data-label={t.reports.provider}>{providerName}</td>
                <td class="number" data-label={t.reports.bookings}>
                  {f.integer(count)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                {t.reports.total}
              </th>
              <td class="number">{f.integer(total)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </StaffPage>
  );
}
