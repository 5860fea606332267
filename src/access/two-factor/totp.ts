import { Secret, TOTP } from 'otpauth';

/** What every authenticator app takes without asking: SHA-1, six digits, 30 seconds. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const issuer = 'claudecode-api';
/** How many steps a clock may be wrong by, either way. */
const window = 1;

/** 160 random bits, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** For authenticator apps, as a link or in a QR code. */
export function totpUri(secret: string, username: string): string {
  return new TOTP({ ...form, issuer, label: username, secret }).toString();
}

/** The time step that the code is of; undefined where it is none of about now. `now` in milliseconds since 1970. */
export function stepOf(code: string, secret: string, now: number): number | undefined {
  const totp = new TOTP({ ...form, secret });
  const delta = totp.validate({ token: code, timestamp: now, window });
  return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}
