import { resolve } from 'node:path';
import { loadEnvFile, type StartEnvironment } from '../config/index.ts';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

export interface StartFlags {
  readonly port?: string;
  readonly host?: string;
  readonly envFile?: string;
}

/**
 * What to start with: a flag wins over the environment, and that over the file.
 * @throws {CliError} where a file that was asked for is not there.
 */
export function readStart({ port, host, envFile }: StartFlags, { environment }: Terminal): StartEnvironment {
  const file = resolve(envFile ?? '.env');
  const fromFile = loadEnvFile(file);
  if (fromFile === undefined && envFile !== undefined) throw new CliError(`There is no file ${envFile}.`);
  const variables = {
    ...environment,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  };
  return { variables, fromFile: fromFile ?? new Set(), envFile: file };
}
