import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { AnswerCopy } from './retries/answer-copy.ts';
import { takeOver } from './take-over.ts';

/** A response that goes out as server-sent events. */
export interface EventStream {
  /**
   * Writes each text as one `data:` frame. Resolves when the connection takes more, so that a slow reader slows
   * the writer, and at once when the reader is gone. The texts hold no line breaks (JSON never does).
   */
  send(...data: readonly string[]): Promise<void>;
  /** As `send`, for JSON events whose frames also carry their type as `event:`. */
  sendEvents(events: readonly { readonly type: string }[]): Promise<void>;
  /** As `send`, for frames of another stream. */
  sendFrames(frames: string): Promise<void>;
  end(): void;
}

export interface EventStreamOptions {
  /** Silence after which a comment goes out, so that proxies keep the connection. */
  readonly keepAliveMs: number;
  /** The data of a frame to send in place of the comment, for clients that count only those. */
  readonly keepAliveData?: () => string;
  /** A reader that takes nothing for so long is cut off: an agent waits for it, and holds a process. */
  readonly stalledReaderMs: number;
  /** Told of all that is sent, but not of keep-alives; it may slow the writer, too. */
  readonly copy?: AnswerCopy | undefined;
}

/** Takes the response over from Fastify, keeps the headers that plugins have set, and sends the head at once. */
export function openEventStream(reply: FastifyReply, options: EventStreamOptions): EventStream {
  // Node adds `connection: keep-alive` itself, or `close` where the client asked for it.
  const raw = takeOver(reply, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });

  const { copy } = options;
  copy?.begin(options.keepAliveData);
  const keepAlive = setTimeout(() => {
    // A reader that does not even take what is there needs no more.
    if (!isGone(raw) && !raw.writableNeedDrain) {
      const data = options.keepAliveData?.();
      raw.write(data === undefined ? ': keep-alive\n\n' : `data: ${data}\n\n`);
    }
    keepAlive.refresh();
  }, options.keepAliveMs);
  const stop = (): void => clearTimeout(keepAlive);
  raw.once('close', stop);

  const writeHere = async (frames: string): Promise<void> => {
    if (isGone(raw)) return;
    keepAlive.refresh();
    if (!raw.write(frames)) await untilDrained(raw, options.stalledReaderMs);
  };
  const write = async (frames: string): Promise<void> => {
    if (frames !== '') await Promise.all([writeHere(frames), copy?.frames(frames)]);
  };
  return {
    send: (...data) => write(data.map((text) => `data: ${text}\n\n`).join('')),
    sendEvents: (events) =>
      write(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')),
    sendFrames: write,
    end() {
      stop();
      copy?.end();
      if (!isGone(raw)) raw.end();
    },
  };
}

function isGone(raw: ServerResponse): boolean {
  return raw.destroyed || raw.closed || raw.writableEnded;
}

async function untilDrained(raw: ServerResponse, limitMs: number): Promise<void> {
  if (isGone(raw) || !raw.writableNeedDrain) return;
  const limit = setTimeout(() => raw.destroy(), limitMs);
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // An 'error' of the connection is followed by its 'close'; the caller's signal tells of it.
    await Promise.race([once(raw, 'drain', { signal }), once(raw, 'close', { signal })]).catch(
      () => undefined,
    );
  } finally {
    clearTimeout(limit);
    settled.abort();
  }
}
