import type { Admission, Rate } from '../access/index.ts';

/** How a request stands with the limits of its key, in OpenAI's headers. What is not limited is not told. */
export function rateLimitHeaders({
  requests,
  tokens,
}: Pick<Admission, 'requests' | 'tokens'>): Record<string, string> {
  return { ...headersOf('requests', requests), ...headersOf('tokens', tokens) };
}

function headersOf(what: 'requests' | 'tokens', rate: Rate | null): Record<string, string> {
  if (rate === null) return {};
  return {
    [`x-ratelimit-limit-${what}`]: String(rate.limit),
    [`x-ratelimit-remaining-${what}`]: String(rate.remaining),
    [`x-ratelimit-reset-${what}`]: formatDuration(rate.resetMs),
  };
}

/** As OpenAI tells durations: `12ms`, `8s`, `6m0s`, `23h0m5s`. Never less than the time itself. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return ms <= 0 ? '0s' : `${Math.ceil(ms)}ms`;
  const all = Math.ceil(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
