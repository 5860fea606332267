import type { ServerMessage } from '../../contract/index.ts';
import type { Published } from '../../observability/index.ts';

type Answer = Exclude<ServerMessage, Published>;

/** What many clients are sent is written out once. */
const written = new WeakMap<Published, string>();

export function publishedFrame(published: Published): string {
  const known = written.get(published);
  if (known !== undefined) return known;
  const frame = JSON.stringify(published satisfies ServerMessage);
  written.set(published, frame);
  return frame;
}

/** An answer to one client. */
export function answerFrame(answer: Untimed<Answer>): string {
  return JSON.stringify({ ...answer, timestamp: Date.now() });
}

export function errorFrame(code: string, message: string): string {
  return answerFrame({ type: 'error', data: { code, message } });
}

type Untimed<Message> = Message extends unknown ? Omit<Message, 'timestamp'> : never;
