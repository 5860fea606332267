import { Tokens } from '@fastify/csrf';

// Without options its types take it for the kind that wants a user's name too.
const tokens = new Tokens({ userInfo: false });

/** A new token for a session; each of them works for as long as the session does. */
export function createCsrfToken(session: { readonly csrfSecret: string }): string {
  return tokens.create(session.csrfSecret);
}

/** Whether what came as `x-csrf-token` was made for this session. Takes the same time for every wrong one. */
export function isCsrfToken(session: { readonly csrfSecret: string }, given: unknown): boolean {
  return typeof given === 'string' && tokens.verify(session.csrfSecret, given);
}
