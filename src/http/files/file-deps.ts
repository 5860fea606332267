import type { Authenticator } from '../authenticator.ts';
import type { FileServices } from './file-services.ts';

/** What the routes of files and containers need. */
export interface FileDeps {
  readonly authenticator: Authenticator;
  readonly files: FileServices;
}
