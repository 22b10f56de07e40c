import type { Viewer } from '../reader.ts';

/** The reports that there are. */
export function ReportsNav({ viewer, shown }: { viewer: Viewer; shown: 'usage' | 'access' }) {
  const { t } = viewer;
  const reports = [
    { id: 'usage', href: '/reports/feature-usage', label: t.reports.title },
    { id: 'access', href: '/reports/access', label: t.access.title },
  ];
  return (
    <nav class="reports-nav no-print" aria-label={t.layout.reports}>
      <ul>
        {reports.map(({ id, href, label }) => (
          <li>
            <a href={href} aria-current={id === shown ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
