import { createHmac, hkdfSync } from 'node:crypto';
import { Secret } from 'otpauth';

const count = 10;
const bytes = 10;

/** Ten codes of 80 random bits in base32, small letters in groups of four, so that they can be copied by hand. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: count }, () =>
    new Secret({ size: bytes }).base32.toLowerCase().replaceAll(/(.{4})(?=.)/g, '$1-'),
  );
}

/** Of a recovery code as it is read, hexadecimal; the same code of another user has another one. */
export type RecoveryHash = (userId: string, code: string) => string;

/** HMAC-SHA256 by a key of the server's: who has the database alone cannot try codes against it. */
export function createRecoveryHash(serverSecret: Uint8Array | string): RecoveryHash {
  const key = Buffer.from(hkdfSync('sha256', serverSecret, '', 'claudecode-api recovery codes', 32));
  return (userId, code) => createHmac('sha256', key).update(`${userId}\n${code}`).digest('hex');
}
