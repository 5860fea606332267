interface Sized {
  readonly width?: number;
  readonly priority?: number;
}

const gap = 16;
const padding = 32;

/** The columns that fit into so many pixels; those with the highest priority give way first, the later ones sooner. */
export function fitColumns<Column extends Sized>(
  columns: readonly Column[],
  width: number,
): readonly Column[] {
  if (width === 0) return columns;
  let shown = [...columns];
  while (needed(shown) > width) {
    const highest = Math.max(...shown.map(({ priority = 0 }) => priority));
    if (highest <= 0) break;
    const leaving = shown.findLast(({ priority = 0 }) => priority === highest);
    shown = shown.filter((column) => column !== leaving);
  }
  return shown;
}

function needed(columns: readonly Sized[]): number {
  return columns.reduce((sum, { width = 120 }) => sum + width + gap, padding - gap);
}
