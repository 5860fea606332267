import uPlot from 'uplot';
import { formatTick } from '../format/format.ts';
import type { TimeSpan } from '../range/range.ts';
import { type ChartSeries, stackValues } from './chart-data.ts';

export interface ChartDrawing {
  readonly kind: 'line' | 'bar';
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  readonly span: TimeSpan;
}

export interface ChartHandlers {
  readonly onHover: (hover: { readonly index: number; readonly left: number } | undefined) => void;
  readonly onZoom: (span: TimeSpan) => void;
  readonly onPick: (index: number) => void;
}

/** The colour of a series, as the theme has it now. */
function seriesColor({ color }: Pick<ChartSeries, 'color'>, place: number): string {
  if (color === 'danger') return themeColor('danger');
  if (color === 'muted') return themeColor('line-strong');
  return themeColor(color === 'accent' ? 'accent' : `series-${(place % 8) + 1}`);
}

/** Draws into an element. Colours are those of the moment: draw anew when the theme changes. */
export function drawChart(
  element: HTMLElement,
  drawing: ChartDrawing,
  height: number,
  handlers: ChartHandlers,
): uPlot {
  const { series, kind } = drawing;
  const faint = themeColor('faint');
  const line = themeColor('line');
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const drawn = kind === 'bar' ? series.toReversed() : series;
  let pressedAt: number | undefined;

  const chart = new uPlot(
    {
      width: element.clientWidth,
      height,
      ms: 1,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: kind === 'line', size: 7, width: 2 },
        drag: { x: true, y: false, setScale: false, dist: 6 },
      },
      scales: {
        x: { time: true, range: () => [drawing.span.from, drawing.span.to] },
        y: { range: (_self, _min, max) => [0, niceTop(max)] },
      },
      axes: [
        {
          stroke: faint,
          font,
          grid: { show: false },
          ticks: { stroke: line, width: 1, size: 4 },
          space: 72,
          size: 28,
          values: (_self, ticks) => ticks.map((at) => formatTick(at, drawing.span.to - drawing.span.from)),
        },
        {
          stroke: faint,
          font,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          border: { show: false },
          space: 36,
          size: (self, values) => axisWidth(self, values, font),
          values: (_self, ticks) => ticks.map((value) => drawing.format(value)),
        },
      ],
      series: [
        {},
        ...drawn.map((one) => {
          const color = seriesColor(one, series.indexOf(one));
          return kind === 'bar'
            ? barSeries(one.label, color)
            : lineSeries(one.label, color, series.length === 1);
        }),
      ],
      hooks: {
        setCursor: [
          (self) => {
            const { idx, left } = self.cursor;
            const outside = idx === null || idx === undefined || left === undefined || left < 0;
            handlers.onHover(outside ? undefined : { index: idx, left: left + self.over.offsetLeft });
          },
        ],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width < 6) return;
            handlers.onZoom({ from: self.posToVal(left, 'x'), to: self.posToVal(left + width, 'x') });
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        ready: [
          (self) => {
            self.over.addEventListener('mousedown', ({ clientX }) => {
              pressedAt = clientX;
            });
            self.over.addEventListener('mouseup', ({ clientX }) => {
              const { idx } = self.cursor;
              const still = pressedAt !== undefined && Math.abs(clientX - pressedAt) < 6;
              pressedAt = undefined;
              if (still && idx !== null && idx !== undefined) handlers.onPick(idx);
            });
          },
        ],
      },
    },
    chartValues(drawing),
    element,
  );
  return chart;
}

/** In the order in which they are drawn: of stacked bars the highest first. */
export function chartValues({ kind, times, series }: ChartDrawing): uPlot.AlignedData {
  const values = kind === 'bar' ? stackValues(series).toReversed() : series.map((one) => one.values);
  return [[...times], ...values.map((one) => [...one])];
}

function lineSeries(label: string, color: string, filled: boolean): uPlot.Series {
  return {
    label,
    stroke: color,
    width: 1.75,
    points: { show: (self, index) => isLonely(self, index), size: 4, fill: color },
    ...(filled && { fill: withAlpha(color, 0.09) }),
    spanGaps: false,
  };
}

function barSeries(label: string, color: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ align: 1, size: [0.84, 28, 1], gap: 1 });
  return { label, fill: color, stroke: color, width: 0, points: { show: false }, ...(paths && { paths }) };
}

/** A point without neighbours would have no line. */
function isLonely(self: uPlot, series: number): boolean {
  const values = self.data[series] ?? [];
  return values.filter((value) => value !== null && value !== undefined).length <= 2;
}

function niceTop(max: number | null): number {
  if (max === null || max <= 0) return 1;
  return max * 1.08;
}

function axisWidth(self: uPlot, values: readonly string[] | null, font: string): number {
  if (values === null) return 40;
  self.ctx.save();
  self.ctx.font = font;
  const widest = values.reduce((most, value) => Math.max(most, self.ctx.measureText(value).width), 0);
  self.ctx.restore();
  return Math.ceil(widest) + 14;
}

function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
}

function withAlpha(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
