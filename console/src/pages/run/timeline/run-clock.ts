/** Time since a run began: +0.2 s, +12.4 s, +3:05, +1:02:10. */
export function sinceStart(ms: number): string {
  if (ms < 60_000) return `+${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return seconds < 3600 ? `+${Number(minutes)}:${rest}` : `+${Number(hours)}:${minutes}:${rest}`;
}
