import { parseDatabaseLocation } from '../database-location.ts';
import { environmentSchema, secretVariables } from '../environment-schema.ts';
import { parseEnvironment } from '../parse-environment.ts';
import { liveVariables } from './live-variables.ts';
import { isGiven, type StartEnvironment } from './start-environment.ts';

export interface StartupVariable {
  name: string;
  value: string | null;
  source: 'default' | 'file' | 'environment';
  secret: boolean;
}

const mask = '••••••••';

/** The variables that only a restart changes, as they were given. */
export function describeStartup(start: StartEnvironment): StartupVariable[] {
  const live = new Set<string>(liveVariables.map(({ name }) => name));
  return Object.keys(environmentSchema.shape)
    .filter((name) => !live.has(name))
    .map((name) => {
      const secret = secretVariables.has(name);
      return { name, value: shownValue(start, name, secret), source: sourceOf(start, name), secret };
    });
}

export function sourceOf(start: StartEnvironment, name: string): StartupVariable['source'] {
  if (!isGiven(start, name)) return 'default';
  return start.fromFile?.has(name) ? 'file' : 'environment';
}

function shownValue(start: StartEnvironment, name: string, secret: boolean): string | null {
  const given = isGiven(start, name) ? (start.variables[name] ?? null) : null;
  if (given === null) return secret ? null : (defaults.get(name) ?? null);
  if (name === 'DATABASE_URL') {
    const location = parseDatabaseLocation(given.trim(), start.system?.cwd ?? process.cwd());
    return 'wrong' in location ? mask : location.display;
  }
  return secret ? mask : given;
}

const defaults = new Map(
  Object.entries(parseEnvironment({}).values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  ),
);
