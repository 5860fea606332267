import { type App, createApp } from '../app/index.ts';
import { type StartEnvironment, version } from '../config/index.ts';
import { howToSupplyCredentials } from '../http/index.ts';
import { CliError } from './cli-error.ts';
import { describeError } from './describe-error.ts';

/** Beyond the time that running requests have: for stopping them, and for every child and file to be closed. */
const closingMs = 15_000;
const hurriedClosingMs = 8_000;

/** Starts the server and lets it run until a signal ends the process. */
export async function serve(start: StartEnvironment): Promise<void> {
  const app = await createApp(start);
  endWithTheProcess(app);
  const origin = await app.listen().catch(async (error: unknown) => {
    await app.close({ graceMs: 0 });
    throw cannotListen(error, app);
  });
  const url = `${origin}/v1`;
  app.logger.info({ url, version }, `Ready. The base URL for OpenAI clients is ${url}`);
  const { data, workspaces } = app.config.paths;
  app.logger.info(
    `The console is at ${origin}/webui. Agents work in ${workspaces}; data are kept in ${data}`,
  );
  await warnOfMissingCredentials(app);
}

/** SIGTERM and SIGINT end the server in an orderly way, a second one at once. A defect ends it too, with exit code 1. */
function endWithTheProcess(app: App): void {
  const hurry = new AbortController();
  let ending = false;
  let exitCode = 0;

  const end = async (): Promise<void> => {
    ending = true;
    // Whatever hangs: the process ends.
    setTimeout(() => process.exit(1), app.config.server.shutdownTimeoutMs + closingMs).unref();
    try {
      await app.close({ hurry: hurry.signal });
    } catch (error) {
      process.stderr.write(`The server could not be closed in an orderly way: ${describeError(error)}\n`);
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

function cannotListen(error: unknown, { config: { server } }: App): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = `${server.host}:${server.port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new CliError(`Port ${server.port} is in use. Choose another by PORT or --port.`);
    case 'EACCES':
      return new CliError(
        `This user may not listen on ${place}. Choose a port above 1023 by PORT or --port.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CliError(`This machine has no address ${server.host}. Choose another by HOST or --host.`);
    default:
      return error;
  }
}
