import { ConfigError, readConfig, type StartEnvironment } from '../../config/index.ts';
import type { Check } from '../../contract/index.ts';
import { StorageError } from '../../storage/index.ts';
import { openAdministration } from '../open-administration.ts';
import { startEngine } from '../start-engine.ts';
import { checkPort } from './check-port.ts';
import { type ExaminedDatabase, examineParts } from './examine-parts.ts';

/** Everything that a server started with this would meet; one may be running at the same time. */
export async function examine(start: StartEnvironment): Promise<Check[]> {
  const node: Check = { name: 'Node.js', status: 'ok', message: process.version, hint: null };
  try {
    const config = readConfig(start.variables, start.system);
    const address = await checkPort(config.server);
    await using engine = startEngine(config, start);
    await engine.started();
    const checks = await withDatabase(start, (database) =>
      examineParts({ config, engineStatus: () => engine.status(), database }),
    );
    return [node, address, ...checks];
  } catch (error) {
    if (error instanceof ConfigError) return [node, ...error.problems.map(configurationCheck)];
    throw error;
  }
}

async function withDatabase(
  start: StartEnvironment,
  work: (database: ExaminedDatabase) => Promise<Check[]>,
): Promise<Check[]> {
  try {
    await using administration = await openAdministration(start);
    const { keys, users } = administration;
    return await work({ ping: async () => {}, keys: () => keys.list(), users: () => users.list() });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const fail = (): Promise<never> => Promise.reject(error);
    return await work({ ping: fail, keys: fail, users: fail });
  }
}

function configurationCheck({ variable, message }: ConfigError['problems'][number]): Check {
  return { name: `Configuration, ${variable}`, status: 'failed', message, hint: 'See .env.example.' };
}
