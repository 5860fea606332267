export interface StreamEvent {
  readonly type: string;
  readonly sequence_number: number;
}

/**
 * Reads the events of a Responses stream to its end, or to where the connection breaks. `whole` tells whether it
 * ended by `[DONE]`. Keep-alives are left out.
 */
export async function readEvents(
  response: Response,
  onEvent: (event: StreamEvent) => void = () => {},
): Promise<{ readonly events: StreamEvent[]; readonly whole: boolean }> {
  const events: StreamEvent[] = [];
  let rest = '';
  let whole = false;
  try {
    const chunks = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of chunks) {
      const frames = (rest + chunk).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const data = /^data: (.*)$/m.exec(frame)?.[1];
        if (data === undefined) continue;
        if (data === '[DONE]') {
          whole = true;
          continue;
        }
        const event: StreamEvent = JSON.parse(data);
        if (event.type === 'keepalive') continue;
        events.push(event);
        onEvent(event);
      }
    }
  } catch {
    // The server is gone; what arrived whole has been taken.
  }
  return { events, whole };
}
