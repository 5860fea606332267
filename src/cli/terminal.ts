import type { RawEnvironment } from '../config/index.ts';

/** What a command works with besides its arguments. */
export interface Terminal {
  /** Its `.env` file is not yet in it. */
  readonly environment: RawEnvironment;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
