import type { Actor } from '../access/index.ts';
import type { Administration } from '../app/index.ts';
import type { StartEnvironment } from '../config/index.ts';
import type { Terminal } from './terminal.ts';

/** Who it is in the audit log. */
export const commandLine: Actor = { name: 'command line', address: null };

/** What commands have in common. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** By the flags of the program. */
  start(): StartEnvironment;
  /** Opens the database for a piece of work, and closes it. A server may run at the same time. */
  administer(work: (services: Administration) => Promise<void>): Promise<void>;
  /** What was asked for, to standard output. */
  print(text: string): void;
  /** What else there is to say, to standard error. */
  note(text: string): void;
}
