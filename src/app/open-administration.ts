import { readConfig, type StartEnvironment } from '../config/index.ts';
import { readServerSecret } from '../http/index.ts';
import { openDatabase } from '../storage/index.ts';
import { type Access, buildAccess } from './build-access.ts';
import { OpenedParts } from './opened-parts.ts';
import { originalUpgrade } from './upgrade-original.ts';

/** What the command line works with, beside a server that may be running. */
export type Administration = Pick<Access, 'keys' | 'users'> & AsyncDisposable;

/**
 * Opens the database for administration.
 * @param tell told what is done to upgrade a database of the original project; without it, such a one is refused.
 * @throws ConfigError or StorageError.
 */
export async function openAdministration(
  start: StartEnvironment,
  tell?: (line: string) => void,
): Promise<Administration> {
  const config = readConfig(start.variables, start.system);
  const { secrets, paths, access } = config;
  const opened = new OpenedParts();
  try {
    const secret = secrets.sessionSecret ?? (await readServerSecret(paths.data));
    const upgrade = tell && originalUpgrade({ start, config, secret, tell });
    const database = opened.add(await openDatabase(secrets.databaseUrl, { ...(upgrade && { upgrade }) }));
    const { keys, users } = opened.add(
      buildAccess({
        database,
        secret,
        sessionIdleMs: access.sessionIdleMs,
        twoFactorRequired: () => access.twoFactorRequired,
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
