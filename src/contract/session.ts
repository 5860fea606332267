import { z } from 'zod';
import { time } from './common.ts';

export const role = z.enum(['admin', 'viewer']);
export type Role = z.output<typeof role>;

export const username = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._@+-]+$/u, 'use letters, digits and . _ @ + -');

export const newPassword = z.string().min(8, 'use at least 8 characters').max(200);

/** Six digits of an authenticator app, or a recovery code; spaces and dashes do not matter. */
export const enteredCode = z.string().max(100);

/** Who is signed in. */
export const session = z.object({
  username: z.string(),
  role,
  /** Until it is changed, nothing else works. */
  mustChangePassword: z.boolean(),
  /** Two-factor sign-in is required and not yet on: until then, nothing else works either. */
  mustSetUpTwoFactor: z.boolean(),
  /** To be sent as `x-csrf-token` with every request that changes something. */
  csrfToken: z.string(),
  /** The session ends when nothing is asked for so long. */
  idleExpiresAt: time,
  expiresAt: time,
  serverVersion: z.string(),
});
export type SessionInfo = z.output<typeof session>;

/** The password was right, and a code has to follow before this time. */
export const codeChallenge = z.object({ challenge: z.string(), expiresAt: time });
export type CodeChallenge = z.output<typeof codeChallenge>;

/** How many recovery codes are left after one was used; null where none was. */
const confirmedSession = session.extend({ recoveryCodesLeft: z.int().nullable() });
export type ConfirmedSession = z.output<typeof confirmedSession>;

/** One of the sessions of a user. */
export const sessionEntry = z.object({
  id: z.string(),
  username: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  address: z.string(),
  client: z.string(),
  current: z.boolean(),
});
export type SessionEntry = z.output<typeof sessionEntry>;

export const sessionEndpoints = {
  signIn: {
    method: 'POST',
    path: '/api/webui/session',
    access: 'public',
    tag: 'Session',
    summary:
      'Signs in; the session travels in a cookie. With two-factor sign-in, tells a challenge for the code instead.',
    body: z.object({ username: z.string().max(200), password: z.string().max(1000) }),
    response: z.union([session, codeChallenge]),
  },
  confirmSignIn: {
    method: 'POST',
    path: '/api/webui/session/code',
    access: 'public',
    tag: 'Session',
    summary: 'Completes a sign-in with a code of the authenticator app, or with a recovery code.',
    body: z.object({ challenge: z.string().max(2000), code: enteredCode }),
    response: confirmedSession,
  },
  getSession: {
    method: 'GET',
    path: '/api/webui/session',
    access: 'session',
    tag: 'Session',
    summary: 'Who is signed in.',
    response: session,
  },
  signOut: {
    method: 'DELETE',
    path: '/api/webui/session',
    access: 'session',
    tag: 'Session',
    summary: 'Ends the session.',
    response: 'none',
  },
  changePassword: {
    method: 'PUT',
    path: '/api/webui/session/password',
    access: 'session',
    tag: 'Session',
    summary: 'Changes the own password; all sessions of the user end, and a new one begins.',
    body: z.object({ currentPassword: z.string().max(1000), newPassword }),
    response: session,
  },
  listSessions: {
    method: 'GET',
    path: '/api/webui/sessions',
    access: 'viewer',
    tag: 'Session',
    summary: 'The sessions that are open: the own ones; for an admin those of everybody.',
    response: z.object({ items: z.array(sessionEntry) }),
  },
  revokeSession: {
    method: 'DELETE',
    path: '/api/webui/sessions/{id}',
    access: 'viewer',
    tag: 'Session',
    summary: 'Ends a session: an own one; as an admin anybody’s.',
    params: z.object({ id: z.string().max(100) }),
    response: 'none',
  },
} as const;
