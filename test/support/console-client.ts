import {
  type BodyInputOf,
  type Endpoint,
  type EndpointName,
  type Endpoints,
  endpoints,
  type ParamsOf,
  type QueryInputOf,
  type ResponseOf,
} from '../../src/contract/index.ts';

type Given<Value> = [Value] extends [undefined] ? unknown : Value;

/** What a call of an operation takes. */
export type CallInput<E extends Endpoint> = {
  readonly [Part in 'params' | 'query' | 'body' as Part extends keyof E ? Part : never]: Part extends 'params'
    ? Given<ParamsOf<E>>
    : Part extends 'query'
      ? Given<QueryInputOf<E>>
      : Given<BodyInputOf<E>>;
};

/** Why the console's API refused. */
class ConsoleRefusal extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(status: number, body: { error?: { message?: string; code?: string; param?: string } }) {
    super(body.error?.message ?? `status ${status}`);
    this.status = status;
    this.code = body.error?.code ?? null;
    this.param = body.error?.param ?? null;
  }
}

/** A browser's share of the console: keeps the cookie and sends the CSRF token. */
export class ConsoleClient {
  readonly #origin: string;
  #cookie = '';
  #csrfToken = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  get cookie(): string {
    return this.#cookie;
  }

  /** Signs in, and changes the first password where that is asked for. */
  static async signIn(origin: string, password = 'admin123', username = 'admin'): Promise<ConsoleClient> {
    const client = new ConsoleClient(origin);
    const session = await client.call('signIn', { body: { username, password } });
    if ('challenge' in session) throw new Error(`${username} signs in with a code, too.`);
    if (!session.mustChangePassword) return client;
    const newPassword = `${password} changed`;
    await client.call('changePassword', { body: { currentPassword: password, newPassword } });
    return client;
  }

  /** Calls an operation by its name. @throws {ConsoleRefusal} */
  async call<Name extends EndpointName>(
    name: Name,
    input?: CallInput<Endpoints[Name]>,
  ): Promise<ResponseOf<Endpoints[Name]>> {
    const response = await this.fetch(name, input);
    const text = await response.text();
    const body = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ConsoleRefusal(response.status, body ?? {});
    if (typeof body?.csrfToken === 'string') this.#csrfToken = body.csrfToken;
    return body;
  }

  /** The response itself, for downloads. */
  async fetch<Name extends EndpointName>(name: Name, input?: CallInput<Endpoints[Name]>): Promise<Response> {
    const { method, path } = endpoints[name];
    const given: { params?: object; query?: object; body?: unknown } = input ?? {};
    const params = new Map(Object.entries(given.params ?? {}));
    const url = new URL(
      path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(params.get(key)))),
      this.#origin,
    );
    for (const [key, value] of Object.entries(given.query ?? {})) url.searchParams.set(key, String(value));
    const response = await fetch(url, {
      method,
      headers: {
        ...(given.body !== undefined && { 'content-type': 'application/json' }),
        ...(this.#cookie !== '' && { cookie: this.#cookie }),
        ...(method !== 'GET' && this.#csrfToken !== '' && { 'x-csrf-token': this.#csrfToken }),
      },
      ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.#cookie = set.split(';', 1)[0] ?? '';
    return response;
  }
}
