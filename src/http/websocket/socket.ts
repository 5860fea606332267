/** What is used of a WebSocket (of the package `ws`, whose types are not installed). */
export interface Socket {
  readonly readyState: number;
  /** The callback is told when the data has been handed on, or that it cannot be. */
  send(data: string, done: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: { toString(): string }, isBinary: boolean) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const open = 1;

/** Resolves when the client has room for more, and at once when it is gone. One that takes nothing is cut off. */
export async function sendFrames(
  socket: Socket,
  frames: readonly object[],
  stalledReaderMs: number,
): Promise<void> {
  const last = frames.length - 1;
  for (const [index, frame] of frames.entries()) {
    if (socket.readyState !== open) return;
    const data = JSON.stringify(frame);
    if (index < last) {
      socket.send(data, () => {});
      continue;
    }
    const stalled = setTimeout(() => socket.terminate(), stalledReaderMs);
    await new Promise<void>((resolve) => socket.send(data, () => resolve()));
    clearTimeout(stalled);
  }
}
