#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { type App, createApp, version } from './app.ts';
import { type Config, ConfigError, loadEnvFile, readConfig } from './config/index.ts';
import { howToSupplyCredentials } from './http/index.ts';
import { StorageError } from './storage/index.ts';

const help = `claudecode-api: an OpenAI-compatible API server whose model is Claude Code

Usage: claudecode-api [options]

  --port <number>    port to listen on (PORT, default 3000; 0 takes a free one)
  --host <address>   address to listen on (HOST, default 127.0.0.1)
  --env-file <path>  file of environment variables to read (default .env, where there is one)
  --version          print the version
  --help             print this

Everything else is set by environment variables; .env.example lists them.
`;

/** A start that failed for a reason the operator can mend: told as plain lines. */
class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Flags {
  readonly help?: boolean;
  readonly version?: boolean;
  readonly port?: string;
  readonly host?: string;
  readonly 'env-file'?: string;
}

/** Beyond the time that running requests have: for stopping them, and for every child and file to be closed. */
const closingMs = 15_000;
const hurriedClosingMs = 8_000;

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help || flags.version) {
    process.stdout.write(flags.help ? help : `${version}\n`);
    return;
  }
  const config = configure(flags);
  const app = await createApp(config, { environment: process.env });
  endWithTheProcess(app, config);
  const url = await app.listen().catch(async (error: unknown) => {
    await app.close({ graceMs: 0 });
    throw cannotListen(error, config);
  });
  app.logger.info({ url, version }, `Ready. The base URL for OpenAI clients is ${url}`);
  await warnOfMissingCredentials(app);
}

function readFlags(): Flags {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
        port: { type: 'string', short: 'p' },
        host: { type: 'string' },
        'env-file': { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : error}\nTry --help.`, 2);
  }
}

/** A flag wins over the environment, and that over the file. */
function configure(flags: Flags): Config {
  const file = flags['env-file'];
  if (!loadEnvFile(file ?? '.env') && file !== undefined) throw new StartError(`There is no file ${file}.`);
  return readConfig({
    ...process.env,
    ...(flags.port !== undefined && { PORT: flags.port }),
    ...(flags.host !== undefined && { HOST: flags.host }),
  });
}

/** SIGTERM and SIGINT end the server in an orderly way, a second one at once. A defect ends it too, with exit code 1. */
function endWithTheProcess(app: App, { server }: Config): void {
  const hurry = new AbortController();
  let ending = false;
  let exitCode = 0;

  const end = async (): Promise<void> => {
    ending = true;
    // Whatever hangs: the process ends.
    setTimeout(() => process.exit(1), server.shutdownTimeoutMs + closingMs).unref();
    try {
      await app.close({ hurry: hurry.signal });
    } catch (error) {
      process.stderr.write(`The server could not be closed in an orderly way: ${describe(error)}\n`);
      process.exit(1);
    }
    process.exit(exitCode);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!ending) {
      app.logger.info({ signal }, 'Shutting down; running requests may finish. A second signal stops them');
      void end();
    } else {
      app.logger.warn({ signal }, 'Stopping the running requests');
      hurry.abort();
      setTimeout(() => process.exit(1), hurriedClosingMs).unref();
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => {
    app.logger.fatal({ err: error }, 'A defect of the server: shutting down');
    exitCode = 1;
    hurry.abort();
    if (!ending) void end();
  });
}

async function warnOfMissingCredentials(app: App): Promise<void> {
  await app.engineStarted();
  const { credentials } = app.engineStatus();
  if (credentials.state !== 'missing') return;
  const [what, ...ways] = howToSupplyCredentials;
  app.logger.warn([`${what} Requests will fail until you supply one:`, ...ways].join('\n  '));
}

function cannotListen(error: unknown, { server }: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = `${server.host}:${server.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${server.port} is in use. Choose another by PORT or --port.`);
    case 'EACCES':
      return new StartError(
        `This user may not listen on ${place}. Choose a port above 1023 by PORT or --port.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`This machine has no address ${server.host}. Choose another by HOST or --host.`);
    default:
      return error;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  const isPlain =
    error instanceof StartError || error instanceof ConfigError || error instanceof StorageError;
  process.stderr.write(`${isPlain ? error.message : describe(error)}\n`);
  process.exit(error instanceof StartError ? error.exitCode : 1);
});
