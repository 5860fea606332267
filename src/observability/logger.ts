import { pino } from 'pino';
import { fileDestination, type LogDestination, streamDestination } from './log-destination.ts';
import { openLogFiles } from './open-log-files.ts';
import { censor, redactedPaths, redactLine } from './redact.ts';

/** What the parts of the server log with. */
export type Logger = pino.Logger;

export interface LoggerOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
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
  /** Waits until everything logged so far is written. */
  flush(): Promise<void>;
}

/**
 * Makes the server's logger: JSON lines, with secrets taken out.
 * @throws where the log directory cannot be made (production only).
 */
export async function createLogger(options: LoggerOptions): Promise<LoggerHandle> {
  const output = options.output ?? process.stdout;
  const destinations: LogDestination[] = [await createOutput(options.environment, output)];
  if (options.environment === 'production') {
    const files = await openLogFiles(options.logDirectory);
    destinations.push(fileDestination(files, (error) => reportLostFile(output, error)));
  }
  const write = (line: string) => {
    const clean = redactLine(line);
    for (const destination of destinations) destination.write(clean);
  };
  const logger = pino(
    { level: options.level, redact: { paths: redactedPaths, censor }, base: { pid: process.pid } },
    { write },
  );
  return {
    logger,
    flush: async () => {
      await Promise.all(destinations.map((destination) => destination.flush()));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(destinations.map((destination) => destination.close()));
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

/** pino-pretty is a development dependency: undefined where it is not installed. */
async function loadPrettifier(): Promise<((line: string) => string) | undefined> {
  try {
    const { prettyFactory } = await import('pino-pretty');
    return prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid' });
  } catch {
    return undefined;
  }
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
