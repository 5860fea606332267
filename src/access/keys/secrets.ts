import { createHmac, hkdfSync, randomBytes } from 'node:crypto';

const prefixLength = 10;

/** A new secret of 256 random bits, and its beginning, by which people tell keys apart. */
export function newApiKey(): { readonly secret: string; readonly prefix: string } {
  const secret = `sk-${randomBytes(32).toString('base64url')}`;
  return { secret, prefix: secret.slice(0, prefixLength) };
}

/** Of the secret of an API key, hexadecimal. */
export type KeyHash = (secret: string) => string;

/** HMAC-SHA256 by a key of the server's: who has the database alone cannot try secrets against it. */
export function createKeyHash(serverSecret: Uint8Array | string): KeyHash {
  const key = Buffer.from(hkdfSync('sha256', serverSecret, '', 'claudecode-api API keys', 32));
  return (secret) => createHmac('sha256', key).update(secret).digest('hex');
}

/** What a message may show of a secret: nothing of one that is not in our form, since it may be anything. */
export function maskApiKey(secret: string): string {
  const shown = /^(sk-[A-Za-z0-9_-]{4})[A-Za-z0-9_-]{13}/.exec(secret)?.[1] ?? '';
  return `${shown}***`;
}
