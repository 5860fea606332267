import type { ConfigProblem } from './config-error.ts';
import { type Environment, environmentSchema, secretVariables } from './environment-schema.ts';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Typed values for all variables, and the problems. A variable with a problem has its default. */
export interface ParsedEnvironment {
  readonly values: Environment;
  readonly problems: readonly ConfigProblem[];
}

/** The first step: from text to typed values, each variable for itself. An empty variable counts as not set. */
export function parseEnvironment(env: RawEnvironment): ParsedEnvironment {
  const given = givenValues(env);
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return { values: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => toProblem(String(path[0]), message, given));
  const wrong = new Set(problems.map((problem) => problem.variable));
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
  return { values: environmentSchema.parse(rest), problems };
}

/** A problem with the variable's value as it was given, unless that is secret. */
export function toProblem(variable: string, message: string, env: RawEnvironment): ConfigProblem {
  const value = env[variable];
  return value === undefined || secretVariables.has(variable)
    ? { variable, message }
    : { variable, value, message };
}

function givenValues(env: RawEnvironment): Record<string, string> {
  return Object.fromEntries(
    Object.keys(environmentSchema.shape).flatMap((name) => {
      const value = env[name];
      if (value === undefined || value.trim() === '') return [];
      return [[name, secretVariables.has(name) ? value : value.trim()]];
    }),
  );
}
