import { isAbsolute, relative } from 'node:path';
import type { Config } from './config.ts';
import { publicPassword, type VariableName } from './environment-schema.ts';

/** Values that are fine alone and wrong together. */
export interface Contradiction {
  /** The variable to report it under. */
  readonly variable: VariableName;
  /** The others that take part. */
  readonly with: readonly VariableName[];
  readonly message: string;
}

/** Every contradiction in a configuration whose single values are valid. */
export function findContradictions(config: Config): Contradiction[] {
  return [...findExposure(config), ...findPoolContradictions(config), ...findPathContradictions(config)];
}

/** The server can run commands: beyond this machine it needs keys and a password that is not public. */
function findExposure({ server, access, secrets }: Config): Contradiction[] {
  if (server.loopback) return [];
  const found: Contradiction[] = [];
  if (!access.apiKeyRequired) {
    found.push({
      variable: 'HOST',
      with: ['OPENAI_API_KEY_REQUIRED'],
      message:
        'other machines could run commands here without a key; set OPENAI_API_KEY_REQUIRED=true, or HOST=127.0.0.1',
    });
  }
  if (secrets.webuiDefaultPassword === publicPassword) {
    found.push({
      variable: 'HOST',
      with: ['WEBUI_DEFAULT_PASSWORD'],
      message:
        'other machines could sign in to the console with the public default password; set WEBUI_DEFAULT_PASSWORD, or HOST=127.0.0.1',
    });
  }
  return found;
}

function findPoolContradictions({ engine, responses }: Config): Contradiction[] {
  const found: Contradiction[] = [];
  if (engine.warmSpares > engine.maxProcesses) {
    found.push({
      variable: 'WARM_SPARES',
      with: ['MAX_PROCESSES'],
      message: `warm spares count among the processes, of which MAX_PROCESSES allows ${engine.maxProcesses}`,
    });
  }
  if (responses.backgroundWorkers > engine.maxProcesses) {
    found.push({
      variable: 'BACKGROUND_WORKERS',
      with: ['MAX_PROCESSES'],
      message: `each background run needs a process, of which MAX_PROCESSES allows ${engine.maxProcesses}`,
    });
  }
  return found;
}

/** What lies under the workspaces, the agent can read and change. */
function findPathContradictions({ paths, database }: Config): Contradiction[] {
  const guarded: [VariableName, string, string][] = [
    ['DATA_DIR', paths.data, 'the server keeps its secrets there'],
    ['LOG_DIR', paths.logs, 'the server keeps its logs there'],
  ];
  if (database.kind === 'sqlite') guarded.push(['DATABASE_URL', database.location, 'it is the database']);
  return guarded
    .filter(([, path]) => isWithin(path, paths.workspaces))
    .map(([variable, , why]) => ({
      variable,
      with: ['WORKSPACE_ROOT'],
      message: `must not lie in WORKSPACE_ROOT (${paths.workspaces}), where the agent reads and writes: ${why}`,
    }));
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || !(/^\.\.([/\\]|$)/.test(way) || isAbsolute(way));
}
