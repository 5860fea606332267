import OpenAI from 'openai';
import { type ScriptedEngine, type Step, scriptedEngine } from './scripted-engine.ts';
import { createTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

export interface StartedServer extends TestServer {
  readonly engine: ScriptedEngine;
  /** Of the API, `/v1` included. */
  readonly base: string;
  readonly client: OpenAI;
  /** Another caller's client, where the server has an authenticator of keys. */
  clientOf(key: string): OpenAI;
}

/** A listening server whose engine plays the script. Whatever key is sent is the owner's name. */
export async function startTestServer(
  script: Parameters<typeof scriptedEngine>[0],
  options: Omit<TestServerOptions, 'engine'> = {},
): Promise<StartedServer> {
  const engine = scriptedEngine(script);
  const authenticator = {
    authenticate: async (bearer: string | undefined) => ({ owner: bearer ?? 'nobody', key: null }),
  };
  const server = await createTestServer({ engine, authenticator, ...options });
  const base = `${await server.listen()}/v1`;
  const clientOf = (key: string) => new OpenAI({ baseURL: base, apiKey: key, maxRetries: 0 });
  return { ...server, engine, base, clientOf, client: clientOf('me') };
}

/** A step that waits until the test lets it go on. */
export function gate(): { readonly step: Step; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { step: () => opened, open };
}

/** The frames of a whole event stream: comments left out, `[DONE]` as a text. */
export function readFrames(body: string): unknown[] {
  return body.split('\n\n').flatMap((frame) => {
    const data = /^data: (.*)$/m.exec(frame)?.[1];
    if (data === undefined) return [];
    return [data === '[DONE]' ? data : JSON.parse(data)];
  });
}
