import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { type App, createApp } from '../../src/app/index.ts';
import type { Upstream } from './upstream.ts';

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  /** The base URL for clients, `/v1` included. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly openai: OpenAI;
  readonly directory: string;
  readonly workspace: string;
}

export interface TestAppOptions {
  readonly upstream: Upstream;
  /** More of the server's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keep the data of an earlier app. */
  readonly directory?: string;
  /** Where its log goes, if `env` has it log. Default: standard output. */
  readonly logOutput?: NodeJS.WritableStream;
}

/** An environment in which the real engine runs offline: an own home, a dummy key, upstream on loopback. */
export function testEnvironment(directory: string, upstream: Upstream): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    ANTHROPIC_BASE_URL: upstream.url,
    // Claude Code refuses to bypass permissions as root outside of a sandbox.
    IS_SANDBOX: '1',
    // It takes time for each process and command; the tests of what it does switch it on.
    SANDBOX: 'off',
    CLAUDE_CODE_MAX_RETRIES: '0',
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    DATA_DIR: path.join(directory, 'data'),
    WORKSPACE_ROOT: path.join(directory, 'workspace'),
    DEFAULT_MODEL: 'claude-sonnet-5',
    SMALL_MODEL: 'haiku',
    MAX_PROCESSES: '6',
    WARM_SPARES: '0',
  };
}

/** The whole server in this process, with the real engine. */
export async function startApp(options: TestAppOptions): Promise<TestApp> {
  const { upstream, env = {}, directory, logOutput } = options;
  const own = directory ?? (await temporaryDirectory());
  const environment = { ...testEnvironment(own, upstream), ...env };
  const app = await createApp({ variables: environment }, { ...(logOutput && { logOutput }) });
  const origin = await app.listen();
  const baseUrl = `${origin}/v1`;
  return {
    app,
    origin,
    baseUrl,
    openai: new OpenAI({ baseURL: baseUrl, apiKey: 'sk-test', maxRetries: 0 }),
    directory: own,
    workspace: path.join(own, 'workspace'),
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]();
      if (directory === undefined) await rm(own, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function temporaryDirectory(parent = tmpdir()): Promise<string> {
  return mkdtemp(path.join(parent, 'claudecode-api-test-'));
}
