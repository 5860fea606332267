import type { Config } from '../../config/index.ts';
import type { ApiKeyWithUsage, Check, User } from '../../contract/index.ts';
import type { EngineStatus } from '../../engine/index.ts';
import { checkDatabase } from './check-database.ts';
import { checkDirectory } from './check-disk.ts';
import { checkEngine } from './check-engine.ts';
import { checkExposure } from './check-exposure.ts';
import { checkSandbox } from './check-sandbox.ts';

export interface ExaminedParts {
  readonly config: Config;
  readonly engineStatus: () => EngineStatus;
  readonly database: ExaminedDatabase;
}

/** Each rejects where the database does not answer. */
export interface ExaminedDatabase {
  readonly ping: () => Promise<void>;
  readonly keys: () => Promise<readonly ApiKeyWithUsage[]>;
  readonly users: () => Promise<readonly User[]>;
}

/** What both the command line and the console look at. No model is asked. */
export async function examineParts({ config, engineStatus, database }: ExaminedParts): Promise<Check[]> {
  const { paths } = config;
  const databaseCheck = await checkDatabase(config.database, database.ping);
  const [exposure, ...directories] = await Promise.all([
    databaseCheck.status === 'ok' ? examineExposure(config, database) : [],
    checkDirectory('data', paths.data),
    checkDirectory('workspaces', paths.workspaces),
    ...(config.environment === 'production' ? [checkDirectory('logs', paths.logs)] : []),
  ]);
  const engine = engineStatus();
  return [...checkEngine(engine), checkSandbox(engine.sandbox), databaseCheck, ...exposure, ...directories];
}

async function examineExposure(config: Config, database: ExaminedDatabase): Promise<Check[]> {
  const [keys, users] = await Promise.all([database.keys(), database.users()]);
  return checkExposure({
    config,
    usableKeys: keys.filter(({ state }) => state === 'active').length,
    unchangedUsers: users.flatMap((user) => (user.active && user.mustChangePassword ? user.username : [])),
  });
}
