import { WireError } from '../openai/index.ts';
import type { Authenticator } from './authenticator.ts';

/**
 * For a server without a key store. Where no key is asked for, everybody is the owner `local`, whatever key they
 * bring (clients insist on sending one). Where one is, nobody gets in, since there are none.
 */
export function createKeylessAuthenticator({
  keyRequired,
}: {
  readonly keyRequired: boolean;
}): Authenticator {
  return {
    async authenticate(bearer) {
      if (!keyRequired) return { owner: 'local' };
      throw new WireError({
        status: 401,
        type: 'authentication_error',
        code: 'invalid_api_key',
        message:
          bearer === undefined
            ? "You didn't provide an API key. Provide it in an Authorization header with Bearer auth. (This version of the server cannot make keys yet.)"
            : 'Incorrect API key provided. (This version of the server cannot make keys yet, so there is no correct one.)',
      });
    },
  };
}
