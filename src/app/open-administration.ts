import { readConfig, type StartEnvironment } from '../config/index.ts';
import { readServerSecret } from '../http/index.ts';
import { openDatabase } from '../storage/index.ts';
import { type Access, buildAccess } from './build-access.ts';
import { OpenedParts } from './opened-parts.ts';

/** What the command line works with, beside a server that may be running. */
export type Administration = Pick<Access, 'keys' | 'users'> & AsyncDisposable;

/**
 * Opens the database for administration.
 * @throws ConfigError or StorageError.
 */
export async function openAdministration(start: StartEnvironment): Promise<Administration> {
  const { secrets, paths, access } = readConfig(start.variables, start.system);
  const opened = new OpenedParts();
  try {
    const database = opened.add(await openDatabase(secrets.databaseUrl));
    const { keys, users } = opened.add(
      buildAccess({
        database,
        secret: secrets.sessionSecret ?? (await readServerSecret(paths.data)),
        sessionIdleMs: access.sessionIdleMs,
        onProblem: (message, error) => process.emitWarning(`${message}: ${String(error)}`),
      }),
    );
    await users.ensureFirstUser({ password: secrets.webuiDefaultPassword });
    return { keys, users, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}
