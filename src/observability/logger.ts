import { pino } from 'pino';
import { escapeHidden } from './escape-hidden.ts';
import { fileDestination, type LogDestination, streamDestination } from './log-destination.ts';
import { type LogLine, type LogListener, LogTail } from './log-tail.ts';
import { openLogFile } from './open-log-files.ts';
import { loadPrettifier } from './pretty-lines.ts';
import { censor, redactedPaths, redactLine } from './redact.ts';
import { currentRequestId } from './request-context.ts';

/** What the parts of the server log with. */
export type Logger = pino.Logger;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `production` writes to files as well; `development` is readable on a terminal. */
  readonly environment: 'development' | 'production' | 'test';
  /** Where the files of production go. */
  readonly logDirectory: string;
  /** Standard output, unless a test gives another stream. */
  readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A logger with its end. Disposing of it writes what is left and closes the files; later lines go to the output alone. */
export interface LoggerHandle extends AsyncDisposable {
  readonly logger: Logger;
  /** From now on. A child that was made of the logger before keeps its level. */
  setLevel(level: LogLevel): void;
  /** The last 500 lines, newest last. */
  tail(): LogLine[];
  /**
   * Tells of each line from now on, at most 200 a second; of the rest, how many there were. What the listener itself
   * logs is not told. Returns the way to stop it.
   */
  onLine(listener: LogListener): () => void;
  /** Waits until everything logged so far is written. */
  flush(): Promise<void>;
}

/** A destination of lines from a level on (pino's number of it). */
interface Outlet {
  readonly from: number;
  readonly destination: LogDestination;
}

const errorLevel = 50;

/**
 * Makes the server's logger: JSON lines, with secrets taken out. Those of a request have its id.
 * @throws where the log directory cannot be made (production only).
 */
export async function createLogger(options: LoggerOptions): Promise<LoggerHandle> {
  const output = options.output ?? process.stdout;
  const outlets: Outlet[] = [{ from: 0, destination: await createOutput(options.environment, output) }];
  if (options.environment === 'production') outlets.push(...(await openFiles(options.logDirectory, output)));
  const tail = new LogTail();
  const stream = {
    // Has pino set the level of each line before it is written.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write: (line: string) => {
      const clean = escapeHidden(redactLine(line));
      for (const { from, destination } of outlets) if (stream.lastLevel >= from) destination.write(clean);
      tail.push(clean);
    },
  };
  const logger = pino(
    {
      level: options.level,
      redact: { paths: redactedPaths, censor },
      base: { pid: process.pid },
      mixin: () => {
        const requestId = currentRequestId();
        return requestId === undefined ? {} : { requestId };
      },
    },
    stream,
  );
  return {
    logger,
    setLevel: (level) => {
      logger.level = level;
    },
    tail: () => tail.lines(),
    onLine: (listener) => tail.listen(listener),
    flush: async () => {
      await Promise.all(outlets.map(({ destination }) => destination.flush()));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(outlets.map(({ destination }) => destination.close()));
    },
  };
}

async function createOutput(
  environment: LoggerOptions['environment'],
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
): Promise<LogDestination> {
  const plain = streamDestination(output);
  if (environment !== 'development' || output.isTTY !== true) return plain;
  const prettify = await loadPrettifier();
  return prettify === undefined ? plain : { ...plain, write: (line) => plain.write(prettify(line)) };
}

/** `combined.log` has all lines, `error.log` those of errors. */
async function openFiles(directory: string, output: NodeJS.WritableStream): Promise<Outlet[]> {
  const combined = await openLogFile(directory, 'combined', { size: '20m', count: 30 });
  const errors = await openLogFile(directory, 'error', { size: '20m', count: 10 });
  const report = (error: Error): void => reportLostFile(output, error);
  return [
    { from: 0, destination: fileDestination(combined, report) },
    { from: errorLevel, destination: fileDestination(errors, report) },
  ];
}

/** The log is where one would look, so that is told there, past the files that failed. */
function reportLostFile(output: NodeJS.WritableStream, error: Error): void {
  const line = {
    level: 50,
    time: Date.now(),
    pid: process.pid,
    msg: `Log files cannot be written: ${error.message}`,
  };
  output.write(`${JSON.stringify(line)}\n`);
}
