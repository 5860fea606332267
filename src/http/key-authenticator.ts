import { AccessError, type ApiKeys, localOwner, ownerOf } from '../access/index.ts';
import type { Authenticator } from './authenticator.ts';

export interface KeyAuthenticatorOptions {
  readonly keys: Pick<ApiKeys, 'authenticate'>;
  /** OPENAI_API_KEY_REQUIRED at this moment. */
  readonly keyRequired: () => boolean;
}

/** The form of our keys: `sk-` and 256 bits, in base64; in hexadecimal of the original project. Those of OpenAI are longer. */
const ourKey = /^sk-(?:[\w-]{43}|[0-9a-f]{64})$/;

/**
 * A text in the form of our keys is always checked, and refused where it is wrong. Any other text (clients insist on
 * sending one, such as `anything` or a key of OpenAI's) is no key: while none is required, whoever sends it is the
 * local owner, as without one; while one is, nobody gets in with it.
 */
export function createKeyAuthenticator({ keys, keyRequired }: KeyAuthenticatorOptions): Authenticator {
  return {
    async authenticate(secret) {
      const isOurs = secret !== undefined && ourKey.test(secret);
      if (!isOurs && !keyRequired()) return { owner: localOwner, key: null };
      if (secret === undefined) throw missingKey();
      const { key } = await keys.authenticate(secret);
      return { owner: ownerOf(key), key };
    },
  };
}

function missingKey(): AccessError {
  return new AccessError(
    'missing_key',
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY). The administrator of this server can make one for you.',
  );
}
