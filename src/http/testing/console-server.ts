import { type FastifyInstance, fastify, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { allowBrowsers } from '../cors.ts';
import { parseJsonBodies } from '../parse-json-body.ts';
import { refuseWrongMethods } from '../refuse-wrong-methods.ts';
import { replyErrors } from '../reply-errors.ts';
import { registerConsole } from '../routes/console/index.ts';
import { createFakeConsole, type FakeConsole, type Person } from './console-fakes.ts';

export interface ConsoleServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly fake: FakeConsole;
  /** Method and path of each route, as it was registered. */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
  /** The parsed lines of the log. */
  readonly log: Record<string, unknown>[];
  signIn(person: Person): Promise<Browser>;
  /** Somebody without a session. */
  readonly nobody: Browser;
}

/** A browser that keeps its cookie and its CSRF token, and sends both with everything. */
export interface Browser {
  readonly cookie: string | undefined;
  readonly csrfToken: string;
  ask(request: InjectOptions): Promise<LightMyRequestResponse>;
}

/** The console's API with everything around it that the server has, on services in memory. */
export async function createConsoleServer(): Promise<ConsoleServer> {
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) });
  const fake = createFakeConsole();
  const routes: { method: string; url: string }[] = [];
  const app: FastifyInstance = fastify({
    trustProxy: '127.0.0.1',
    bodyLimit: 32 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  });
  replyErrors(app, logger);
  await allowBrowsers(app, () => ({ corsOrigins: '*' }));
  parseJsonBodies(app);
  app.addHook('onRoute', ({ method, url }) => {
    // Those with many methods refuse the wrong ones.
    if (typeof method === 'string') routes.push({ method, url });
  });
  refuseWrongMethods(app, () => registerConsole(app, { console: fake, logger }));
  await app.ready();

  return {
    app,
    fake,
    routes,
    log,
    nobody: browser(app, undefined, ''),
    async signIn(person) {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/webui/session',
        payload: { username: person, password: `${person}-password` },
      });
      if (answer.statusCode !== 200) throw new Error(`${person} could not sign in: ${answer.body}`);
      return browser(app, cookieOf(answer), answer.json().csrfToken);
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}

/** `name=value` of the first cookie that an answer sets. */
export function cookieOf({ headers }: LightMyRequestResponse): string | undefined {
  const [first] = [headers['set-cookie']].flat();
  return first?.split(';', 1)[0];
}

function browser(app: FastifyInstance, cookie: string | undefined, csrfToken: string): Browser {
  return {
    cookie,
    csrfToken,
    ask: ({ headers, ...request }) =>
      app.inject({
        ...request,
        headers: { ...(cookie !== undefined && { cookie }), 'x-csrf-token': csrfToken, ...headers },
      }),
  };
}
