export const reports = {
  title: 'Feature Usage Report',
  intro: 'Appointments of planned treatment that patients booked online.',
  month: 'Month',
  provider: 'Provider',
  bookings: 'Online bookings',
  total: 'Total',
  kinds: { planned_treatment_booking: 'Planned Treatment Bookings' },
  chart: (total: string) =>
    `Bar chart of the online bookings by month, ${total} in all. The table below has the figures.`,
  csv: 'Download as CSV',
  print: 'Print…',
  none: 'No online bookings in this period.',
};
