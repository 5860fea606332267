import type { pino } from 'pino';

/** Where finished lines go. */
export interface LogDestination {
  write(line: string): void;
  /** Waits until everything written so far is out. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes lines to any stream, such as a terminal's. It is not closed: it is not ours. Where nobody reads it any more, as
 * behind a pipe to `head`, the lines are lost, and the server goes on.
 */
export function streamDestination(stream: NodeJS.WritableStream): LogDestination {
  const ignore = (): void => {};
  stream.on('error', ignore);
  const flush = () => new Promise<void>((resolve) => stream.write('', () => resolve()));
  return {
    write: (line) => {
      stream.write(line);
    },
    flush,
    close: async () => {
      await flush();
      stream.off('error', ignore);
    },
  };
}

export type LogFile = ReturnType<typeof pino.destination>;

/**
 * Writes lines to an open file. Where it fails, because the disk is full for one, the server goes on: the
 * first failure in a row is reported, and lines may be lost.
 */
export function fileDestination(file: LogFile, reportFailure: (error: Error) => void): LogDestination {
  let failing = false;
  let closed = false;
  file.on('error', (error: Error) => {
    if (!failing) reportFailure(error);
    failing = true;
  });
  file.on('write', () => {
    failing = false;
  });
  const flush = async () => {
    if (!closed) await new Promise<void>((resolve) => file.flush(() => resolve()));
  };
  return {
    write: (line) => {
      // The stream would throw at a line that comes after the end.
      if (!closed) file.write(line);
    },
    flush,
    close: async () => {
      if (closed) return;
      await flush();
      closed = true;
      const ended = new Promise((resolve) => file.once('close', resolve).once('error', resolve));
      // end() would wait for lines that cannot be written.
      if (failing) file.destroy();
      else file.end();
      await ended;
    },
  };
}
