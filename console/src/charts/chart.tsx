import './chart.css';
import { ChartLine, Table2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { formatNumber, formatTime, none } from '../format/format.ts';
import type { TimeSpan } from '../range/range.ts';
import { useTheme } from '../theme/theme.ts';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { type ChartSeries, summarise } from './chart-data.ts';
import { ChartTable } from './chart-table.tsx';
import { chartValues, drawChart } from './draw-chart.ts';

export interface ChartProps {
  /** What it shows. */
  readonly title: string;
  /** Beside the title: a figure for the whole range. */
  readonly total?: string;
  /** Milliseconds since 1970, in even steps. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly span: TimeSpan;
  readonly series: readonly ChartSeries[];
  readonly format?: (value: number) => string;
  /** Pixels. Default: 176. */
  readonly height?: number;
  /** A part was chosen by dragging over it. */
  readonly onZoom?: (span: TimeSpan) => void;
  /** A point was clicked, or Enter pressed on it: the step of time that it stands for. */
  readonly onPick?: (span: TimeSpan) => void;
}

/** Values over time. */
export function LineChart(props: ChartProps) {
  return <Chart kind="line" {...props} />;
}

/** Amounts over time, one upon the other. */
export function BarChart(props: ChartProps) {
  return <Chart kind="bar" {...props} />;
}

interface Hover {
  readonly index: number;
  readonly left: number;
}

function Chart(props: ChartProps & { readonly kind: 'line' | 'bar' }) {
  const { kind, title, total, times, stepMs, span, series, format = formatNumber, height = 176 } = props;
  const [asTable, setAsTable] = useState(false);
  const [hover, setHover] = useState<Hover>();
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useTheme();
  const titleId = useId();
  const shape = `${kind}|${theme}|${height}|${series.map((one) => `${one.id}:${one.color}`).join()}`;

  const zoom = useEffectEvent((chosen: TimeSpan) => props.onZoom?.(chosen));
  const pick = useEffectEvent((index: number) => {
    const at = times[index];
    if (at !== undefined) props.onPick?.({ from: at, to: at + stepMs });
  });
  const draw = useEffectEvent((element: HTMLElement) =>
    drawChart(element, liveDrawing, height, {
      onHover: setHover,
      onZoom: (one) => zoom(one),
      onPick: (one) => pick(one),
    }),
  );
  // The drawing reads what is shown now whenever it draws anew.
  const drawing = useRef({ kind, times, stepMs, series, format, span });
  drawing.current = { kind, times, stepMs, series, format, span };
  const liveDrawing = {
    kind,
    series,
    times,
    stepMs,
    format: (value: number) => drawing.current.format(value),
    get span() {
      return drawing.current.span;
    },
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another shape is another drawing.
  useEffect(() => {
    const { current } = holder;
    if (current === null) return undefined;
    const chart = draw(current);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: current.clientWidth, height }));
    observer.observe(current);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [shape, asTable]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the axis follows the span.
  useEffect(() => {
    plot.current?.setData(chartValues({ kind, times, stepMs, series, format, span }));
  }, [kind, times, series, span.from, span.to]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && hover !== undefined) pick(hover.index);
    if (event.key === 'Escape') setHover(undefined);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const chart = plot.current;
    if (step === 0 || chart === undefined || times.length === 0) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(times.length - 1, (hover?.index ?? times.length - 1) + step));
    chart.setCursor({ left: chart.valToPos(times[index] ?? 0, 'x'), top: 10 });
    setHover({ index, left: chart.valToPos(times[index] ?? 0, 'x') + chart.over.offsetLeft });
  };

  return (
    <figure className="flex min-w-0 flex-col gap-2" aria-labelledby={titleId}>
      <figcaption className="flex items-center gap-x-3">
        <h3 id={titleId} className="truncate text-sm font-semibold">
          {title}
        </h3>
        {total !== undefined && <span className="text-sm text-muted">{total}</span>}
        <IconButton
          icon={asTable ? ChartLine : Table2}
          label={asTable ? `Show ${title} as a chart` : `Show ${title} as a table`}
          size="sm"
          className="ml-auto"
          onClick={() => setAsTable(!asTable)}
        />
      </figcaption>
      {asTable ? (
        <ChartTable title={title} times={times} series={series} format={format} height={height} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
        <div
          role="group"
          aria-roledescription="chart"
          aria-label={summarise(title, series, format)}
          tabIndex={0}
          className="relative rounded-sm"
          onKeyDown={onKeyDown}
          onBlur={() => setHover(undefined)}
        >
          <div ref={holder} className="min-w-0" style={{ height }} />
          {hover && (
            <HoverBox
              hover={hover}
              times={times}
              series={series}
              format={format}
              hint={props.onPick !== undefined}
            />
          )}
        </div>
      )}
      {series.length > 1 && <Legend series={series} />}
    </figure>
  );
}

interface HoverBoxProps extends Pick<ChartProps, 'times' | 'series'> {
  readonly hover: Hover;
  readonly format: (value: number) => string;
  readonly hint: boolean;
}

function HoverBox({ hover, times, series, format, hint }: HoverBoxProps) {
  const at = times[hover.index];
  if (at === undefined) return null;
  const ofNote = series.filter((one) => (one.values[hover.index] ?? 0) !== 0);
  const told = (ofNote.length === 0 ? series.slice(0, 1) : ofNote).slice(0, 8);
  return (
    <div
      role="status"
      className="pointer-events-none absolute top-1 z-10 w-max max-w-64 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs shadow-float"
      style={{
        left: hover.left,
        transform: `translateX(${hover.left > 220 ? 'calc(-100% - 12px)' : '12px'})`,
      }}
    >
      <p className="text-faint">{formatTime(at)}</p>
      {told.map((one) => (
        <p key={one.id} className="flex items-center gap-1.5">
          <Swatch series={one} place={series.indexOf(one)} />
          <span className="truncate text-muted">{one.label}</span>
          <span className="ml-auto pl-3 font-semibold">{valueText(one.values[hover.index], format)}</span>
        </p>
      ))}
      {hint && <p className="mt-0.5 text-faint">Click for its requests</p>}
    </div>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value == null ? none : format(value);
}

const swatches = [
  'bg-series-1',
  'bg-series-2',
  'bg-series-3',
  'bg-series-4',
  'bg-series-5',
  'bg-series-6',
  'bg-series-7',
  'bg-series-8',
] as const;

function Swatch({ series, place }: { readonly series: ChartSeries; readonly place: number }) {
  const color =
    series.color === 'danger'
      ? 'bg-danger'
      : series.color === 'muted'
        ? 'bg-line-strong'
        : series.color === 'accent'
          ? 'bg-accent'
          : swatches[place % swatches.length];
  return <span aria-hidden className={cx('size-2 shrink-0 rounded-[2px]', color)} />;
}

function Legend({ series }: { readonly series: readonly ChartSeries[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {series.map((one, place) => (
        <li key={one.id} className="flex max-w-56 items-center gap-1.5">
          <Swatch series={one} place={place} />
          <span className="truncate">{one.label}</span>
        </li>
      ))}
    </ul>
  );
}
