import type { RawEnvironment } from '../parse-environment.ts';
import type { System } from '../system.ts';

/** What the server was started with. */
export interface StartEnvironment {
  readonly variables: RawEnvironment;
  /** Names of those that came from the .env file. */
  readonly fromFile?: ReadonlySet<string>;
  /** Absolute path of that file, whether it is there or not. */
  readonly envFile?: string;
  /** This machine's own unless a test says otherwise. */
  readonly system?: System;
}

/** Whether a variable has a value there; an empty one counts as not set. */
export function isGiven({ variables }: StartEnvironment, name: string): boolean {
  return (variables[name] ?? '').trim() !== '';
}
