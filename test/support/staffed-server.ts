import { ConsoleClient } from './console-client.ts';
import { startApp, type TestApp, type TestAppOptions } from './start-app.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Who may sign in to the console of a staffed server. */
export const admin: Credentials = { username: 'admin', password: 'admin123 changed' };
export const viewer: Credentials = { username: 'vera', password: 'only looking changed' };

/** A server whose console has an admin and a viewer, both with a password of their own. */
export interface StaffedServer extends AsyncDisposable {
  readonly app: TestApp;
  readonly upstream: Upstream;
  readonly origin: string;
  /** Signed in as the admin. */
  readonly console: ConsoleClient;
}

export async function startStaffedServer(
  options: Omit<TestAppOptions, 'upstream'> = {},
): Promise<StaffedServer> {
  const upstream = await startUpstream();
  const app = await startApp({ ...options, upstream });
  const console = await ConsoleClient.signIn(app.origin);
  const first = 'only looking';
  await console.call('createUser', { body: { username: viewer.username, password: first, role: 'viewer' } });
  await ConsoleClient.signIn(app.origin, first, viewer.username);
  return {
    app,
    upstream,
    origin: app.origin,
    console,
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
