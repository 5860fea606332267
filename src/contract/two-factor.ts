import { z } from 'zod';
import { time } from './common.ts';
import { enteredCode } from './session.ts';

/** Who has to sign in with a code, too. */
const twoFactorRequirement = z.enum(['off', 'admins', 'everybody']);
export type TwoFactorRequirement = z.output<typeof twoFactorRequirement>;

const twoFactorState = z.object({
  /** When it was turned on; null: it is off. */
  since: time.nullable(),
  recoveryCodesLeft: z.int().nonnegative(),
  /** Whether this user has to have it. */
  required: z.boolean(),
});
export type TwoFactorState = z.output<typeof twoFactorState>;

/** What an authenticator app takes. Nothing holds yet: a first code has to confirm it before `expiresAt`. */
const twoFactorSetup = z.object({
  /** To be given back with the code. */
  setup: z.string(),
  /** Base32, for apps without a camera. */
  secret: z.string(),
  /** The same as `otpauth://` link, for the QR code. */
  uri: z.string(),
  expiresAt: time,
});
export type TwoFactorSetup = z.output<typeof twoFactorSetup>;

/** Each works once; they are told here and never again. */
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

const proof = z.object({ password: z.string().max(1000), code: enteredCode });

export const twoFactorEndpoints = {
  getTwoFactor: {
    method: 'GET',
    path: '/api/webui/session/two-factor',
    access: 'viewer',
    tag: 'Session',
    summary: 'Whether the own sign-in takes a code, and how many recovery codes are left.',
    response: twoFactorState,
  },
  beginTwoFactor: {
    method: 'POST',
    path: '/api/webui/session/two-factor/setup',
    access: 'session',
    tag: 'Session',
    summary: 'Makes a secret for an authenticator app; a first code confirms it.',
    body: z.object({ password: z.string().max(1000) }),
    response: twoFactorSetup,
  },
  turnOnTwoFactor: {
    method: 'PUT',
    path: '/api/webui/session/two-factor',
    access: 'session',
    tag: 'Session',
    summary: 'Turns two-factor sign-in on and tells recovery codes; the user’s other sessions end.',
    body: z.object({ setup: z.string().max(2000), code: enteredCode }),
    response: recoveryCodes,
  },
  turnOffTwoFactor: {
    method: 'POST',
    path: '/api/webui/session/two-factor/off',
    access: 'viewer',
    tag: 'Session',
    summary: 'Turns two-factor sign-in off; the user’s other sessions end.',
    body: proof,
    response: 'none',
  },
  renewRecoveryCodes: {
    method: 'POST',
    path: '/api/webui/session/two-factor/codes',
    access: 'viewer',
    tag: 'Session',
    summary: 'Makes new recovery codes; the old ones work no more.',
    body: proof,
    response: recoveryCodes,
  },
} as const;
