import { TurnError } from '../turn/index.ts';

/** A client cannot be told to forget what it was sent. */
export function answerAlreadySent(): TurnError {
  return new TurnError(
    'schema_mismatch',
    'The answer did not fit the schema, and a part of it had been sent already. Without streaming it is corrected.',
    { agentActed: true },
  );
}
