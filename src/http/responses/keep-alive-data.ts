import type { KeepAliveEvent } from '../../openai/index.ts';

/** Codex's idle timer counts only frames with data; the number is that of the last event, so it takes none. */
export function keepAliveData(lastSequence: number): string {
  const event: KeepAliveEvent = { type: 'keepalive', sequence_number: Math.max(0, lastSequence) };
  return JSON.stringify(event);
}
