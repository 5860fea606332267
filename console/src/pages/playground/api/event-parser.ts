/** One frame of a stream of events. */
export interface StreamEvent {
  /** The `event:` field; empty where there is none. */
  readonly event: string;
  readonly data: string;
}

/** Takes a stream of server-sent events in pieces, cut wherever. Comments, ids and empty frames are dropped. */
export class EventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];

  /** The frames that are whole with this piece. */
  push(piece: string): readonly StreamEvent[] {
    const events: StreamEvent[] = [];
    const text = this.#rest + piece;
    // A CR at the end may be the first half of a CRLF.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length > 0) events.push({ event: this.#event, data: this.#data.join('\n') });
        this.#data = [];
        this.#event = '';
      } else {
        this.#takeField(line);
      }
    }
    return events;
  }

  #takeField(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    if (name === 'event') this.#event = value;
  }
}

/** The frames of a body, as they come. Ends early when its reader does. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
