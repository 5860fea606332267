import type { Migration } from 'kysely';
import { up as transcripts } from './001-transcripts.ts';
import { up as responses } from './002-responses.ts';

/**
 * All migrations by name, in the order of their numbers. A migration that was released is never changed nor
 * renamed: its name is how a database says what it has.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-transcripts': { up: transcripts },
  '002-responses': { up: responses },
};
