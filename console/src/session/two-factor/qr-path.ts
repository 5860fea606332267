/** The dark modules of a QR code as a path of a picture with a unit for each module. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  return modules.flatMap((row, y) => rowPaths(row, y)).join('');
}

/** One piece for each run of dark modules. */
function rowPaths(row: readonly boolean[], y: number): string[] {
  const pieces: string[] = [];
  let start = -1;
  for (let x = 0; x <= row.length; x += 1) {
    const dark = row[x] === true;
    if (dark && start < 0) start = x;
    if (dark || start < 0) continue;
    pieces.push(`M${start} ${y}h${x - start}v1H${start}z`);
    start = -1;
  }
  return pieces;
}
