import { cx } from '../ui/cx.ts';

interface SparklineProps {
  readonly values: readonly number[];
  /** Told to screen readers; absent: it only decorates the figure beside it. */
  readonly label?: string;
  readonly className?: string;
}

const width = 100;
const height = 24;

/** The course of a figure, without axes. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const top = Math.max(1e-9, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) =>
      `${(index * step).toFixed(1)},${(height - 1.5 - (value / top) * (height - 3)).toFixed(1)}`,
  );
  const flat = values.every((value) => value === 0);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it is hidden from screen readers, or has a label.
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cx('h-6 w-full', flat ? 'text-line-strong' : 'text-accent', className)}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {values.length > 1 && (
        <>
          {!flat && (
            <polygon
              points={`0,${height} ${points.join(' ')} ${width},${height}`}
              className="fill-accent/10"
            />
          )}
          <polyline
            points={points.join(' ')}
            fill="none"
            stroke="currentColor"
            strokeWidth={flat ? 1 : 1.5}
            vectorEffect="non-scaling-stroke"
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  );
}
