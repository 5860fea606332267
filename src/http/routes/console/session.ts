import type { SessionInfo, sessionEndpoints } from '../../../contract/index.ts';
import type { ConsoleServices, SignedIn } from '../../console/console-services.ts';
import { createCsrfToken } from '../../console/csrf-token.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';
import { clearSessionCookie, setSessionCookie } from '../../console/session-cookie.ts';

/** A sign-in always begins a new session; whatever cookie came with it is not looked at. */
export function sessionHandlers({
  sessions,
  system,
}: Pick<ConsoleServices, 'sessions' | 'system'>): HandlersOf<typeof sessionEndpoints> {
  const describe = (session: SignedIn): SessionInfo => ({
    username: session.username,
    role: session.role,
    mustChangePassword: session.mustChangePassword,
    mustSetUpTwoFactor: session.mustSetUpTwoFactor,
    csrfToken: createCsrfToken(session),
    idleExpiresAt: session.idleExpiresAt,
    expiresAt: session.expiresAt,
    serverVersion: system.version,
  });

  return {
    async signIn({ body, visitor, reply }) {
      const admitted = await sessions.signIn(body, visitor);
      if ('challenge' in admitted) return admitted;
      setSessionCookie(reply, admitted.token, admitted.session);
      return describe(admitted.session);
    },
    async confirmSignIn({ body, visitor, reply }) {
      const { token, session, recoveryCodesLeft } = await sessions.confirm(body, visitor);
      setSessionCookie(reply, token, session);
      return { ...describe(session), recoveryCodesLeft };
    },
    getSession: ({ session }) => describe(session),
    async signOut({ session, visitor, reply }) {
      await sessions.signOut(session, visitor);
      clearSessionCookie(reply);
    },
    async changePassword({ session: old, body, visitor, reply }) {
      const { token, session } = await sessions.changePassword(old, body, visitor);
      setSessionCookie(reply, token, session);
      return describe(session);
    },
    listSessions: async ({ session }) => ({ items: await sessions.list(session) }),
    revokeSession: ({ session, params, visitor }) => sessions.revoke(session, params.id, visitor),
  };
}
