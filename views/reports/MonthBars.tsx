export interface MonthBarsProps {
  /** Says in words what the picture shows; the figures stand in a table. */
  label: string;
  bars: { label: string; value: number }[];
}

const height = 200;
const step = 56;

/** A bar chart as plain SVG: one bar a month, its figure above. */
export function MonthBars({ label, bars }: MonthBarsProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg class="bars" role="img" aria-label={label} viewBox={`0 0 ${Math.max(1, bars.length) * step} ${height + 48}`}>
      {bars.map(({ label: month, value }, i) => {
        const tall = Math.round((value / most) * height);
        return (
          <g>
            <rect class="bar" x={i * step + 8} y={24 + height - tall} width={step - 16} height={tall} rx={4} />
            <text class="value" x={i * step + step / 2} y={18 + height - tall}>
              {value}
            </text>
            <text class="month" x={i * step + step / 2} y={height + 42}>
              {month}
            </text>
          </g>
        );
      })}
      <line class="axis" x1={0} x2={bars.length * step} y1={height + 24} y2={height + 24} />
    </svg>
  );
}
