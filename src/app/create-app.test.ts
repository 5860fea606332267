import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StartEnvironment } from '../config/index.ts';
import {
  done,
  forever,
  type ScriptedEngine,
  says,
  scriptedEngine,
  started,
  text,
} from '../http/testing/scripted-engine.ts';
import { DatabaseTranscriptStore, openDatabase, StorageError } from '../storage/index.ts';
import { type App, createApp } from './create-app.ts';

let directory: string;
let app: App | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-'));
});

afterEach(async () => {
  await app?.close({ graceMs: 0 });
  app = undefined;
  await rm(directory, { recursive: true });
});

function configure(variables: Readonly<Record<string, string>> = {}): StartEnvironment {
  return {
    variables: { NODE_ENV: 'test', PORT: '0', ...variables },
    system: { cwd: directory, cores: 2, memoryBytes: 4 * 1024 ** 3 },
  };
}

interface Started {
  readonly app: App;
  readonly url: string;
  readonly client: OpenAI;
  readonly log: () => string;
}

async function start(engine: ScriptedEngine, variables?: Readonly<Record<string, string>>): Promise<Started> {
  let log = '';
  const logOutput = new Writable({
    write(chunk, _encoding, callback) {
      log += String(chunk);
      callback();
    },
  });
  const built = await createApp(configure(variables), { engine, logOutput });
  app = built;
  const url = `${await built.listen()}/v1`;
  const client = new OpenAI({ baseURL: url, apiKey: 'sk-anything', maxRetries: 0 });
  return { app: built, url, client, log: () => log };
}

const question = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hi' }],
} satisfies OpenAI.Chat.ChatCompletionCreateParams;

test('everything is built from the configuration, and answers', async () => {
  const { client, url } = await start(
    scriptedEngine(() => says('Hello')),
    { MODEL_ALIASES: '{"mine":"sonnet"}' },
  );
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  const completion = await client.chat.completions.create({ ...question, model: 'mine' });
  expect(completion.choices[0]?.message.content).toBe('Hello');
  const ready = await fetch(new URL('/health/ready', url));
  expect(await ready.json()).toEqual({ status: 'ready' });
});

test('where a key is asked for, nobody gets in without', async () => {
  const { client } = await start(
    scriptedEngine(() => says('Hello')),
    { OPENAI_API_KEY_REQUIRED: 'true' },
  );
  await expect(client.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
});

test('conversations that have been idle for too long are forgotten', async () => {
  const url = path.join(directory, 'data', 'webui.sqlite');
  const point = { sessionId: crypto.randomUUID(), entryUuid: crypto.randomUUID() };
  const load = async () => {
    await using database = await openDatabase(url);
    return await new DatabaseTranscriptStore(database).loadEntries('local', point);
  };
  {
    await using database = await openDatabase(url);
    const store = new DatabaseTranscriptStore(database, () => Date.now() - 48 * 60 * 60 * 1000);
    await store.createSession({ id: point.sessionId, owner: 'local' });
    await store.appendEntries(point.sessionId, [{ type: 'user', uuid: point.entryUuid }]);
  }
  expect(await load()).toHaveLength(1);
  const { app: first } = await start(
    scriptedEngine(() => says()),
    { TRANSCRIPT_RETENTION_DAYS: '3' },
  );
  await first.close();
  expect(await load()).toHaveLength(1);
  const { app: second } = await start(
    scriptedEngine(() => says()),
    { TRANSCRIPT_RETENTION_DAYS: '1' },
  );
  await second.close();
  expect(await load()).toBeNull();
});

describe('stored responses', () => {
  const request = { model: 'gpt-4o', input: 'Hi' };

  test('are there after a restart, and deleted once they are too old', async () => {
    const { app: first, client } = await start(scriptedEngine(() => says('Hello')));
    const { id } = await client.responses.create(request);
    await first.close();
    const second = await start(scriptedEngine(() => says('Again')));
    const again = await second.client.responses.create({ ...request, previous_response_id: id });
    expect(again.output_text).toBe('Again');
    await second.app.close();
    {
      await using database = await openDatabase(path.join(directory, 'data', 'webui.sqlite'));
      const twoDaysAgo = Date.now() - 48 * 60 * 60 * 1000;
      await database.kysely.updateTable('responses').set({ created_at: twoDaysAgo }).execute();
    }
    const kept = await start(
      scriptedEngine(() => says()),
      { RESPONSE_RETENTION_DAYS: '3' },
    );
    await kept.app.close();
    const third = await start(
      scriptedEngine(() => says()),
      { RESPONSE_RETENTION_DAYS: '1' },
    );
    await vi.waitFor(async () => {
      await expect(third.client.responses.retrieve(again.id)).rejects.toMatchObject({ status: 404 });
    });
    expect(third.log()).toContain('forgot old responses');
    expect(kept.log()).not.toContain('forgot old responses');
  });

  test('in the background finish while the server closes, and wait for the next where they have not begun', async () => {
    let proceed = (): void => {};
    const held = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const engine = scriptedEngine(() => [started, () => held, ...says('Hello').slice(1)]);
    const { app: closing, client } = await start(engine, { MAX_PROCESSES: '2', BACKGROUND_WORKERS: '1' });
    const begun = await client.responses.create({ ...request, background: true });
    await vi.waitFor(() => expect(engine.runs[0]?.taken).toBe(1));
    const waiting = await client.responses.create({ ...request, background: true });
    const closed = closing.close();
    proceed();
    await closed;
    expect(engine.runs).toHaveLength(1);

    const next = await start(scriptedEngine(() => says('Later')));
    expect(await next.client.responses.retrieve(begun.id)).toMatchObject({
      status: 'completed',
      output_text: 'Hello',
    });
    await vi.waitFor(async () => {
      expect(await next.client.responses.retrieve(waiting.id)).toMatchObject({
        status: 'completed',
        output_text: 'Later',
      });
    });
  });

  test('in the background that do not finish in time say so', async () => {
    const engine = scriptedEngine(() => [started, forever]);
    const { app: closing, client } = await start(engine);
    const { id } = await client.responses.create({ ...request, background: true });
    await vi.waitFor(() => expect(engine.runs[0]?.taken).toBe(1));
    await closing.close({ graceMs: 0 });
    const next = await start(scriptedEngine(() => says('Later')));
    expect(await next.client.responses.retrieve(id)).toMatchObject({
      status: 'failed',
      error: { code: 'server_shutting_down' },
    });
  });
});

test('a database that cannot be opened stops the start', async () => {
  const dispose = vi.fn(async () => {});
  const engine = { ...scriptedEngine(() => says()), [Symbol.asyncDispose]: dispose };
  const building = createApp(configure({ DATABASE_URL: directory }), { engine });
  await expect(building).rejects.toThrow(StorageError);
  expect(dispose).not.toHaveBeenCalled();
});

describe('closing', () => {
  test('lets running requests finish, then ends the engine and refuses connections', async () => {
    let proceed = (): void => {};
    const held = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const engine = scriptedEngine(() => [started, () => held, text('Hello'), done]);
    const { app: closing, client, url } = await start(engine);
    const completion = client.chat.completions.create(question);
    await vi.waitFor(() => expect(engine.runs[0]?.taken).toBe(1));
    const closed = closing.close();
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow());
    expect(engine.status().state).toBe('ready');
    proceed();
    expect((await completion).choices[0]?.message.content).toBe('Hello');
    await closed;
    expect(engine.runs[0]?.signal.aborted).toBe(false);
    expect(engine.status().state).toBe('closed');
  });

  test.each<[string, (closing: App) => Promise<void>]>([
    ['once their time is over', (closing) => closing.close({ graceMs: 10 })],
    [
      'once told to hurry',
      async (closing) => {
        const hurry = new AbortController();
        const closed = closing.close({ hurry: hurry.signal });
        hurry.abort();
        await closed;
      },
    ],
  ])('stops running requests %s, and tells their clients', async (_name, close) => {
    const engine = scriptedEngine(() => [started, text('Hel'), forever]);
    const { app: closing, url } = await start(engine, { SHUTDOWN_TIMEOUT_SECONDS: '3600' });
    const post = (stream: boolean) =>
      fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify({ ...question, stream }) });
    const stream = post(true).then((response) => response.text());
    const whole = post(false);
    await vi.waitFor(() => expect(engine.runs.map(({ taken }) => taken)).toEqual([2, 2]));
    await close(closing);
    expect(await stream).toMatch(/data: \{"error":.*"server_shutting_down"\}\}\n\n$/);
    expect((await whole).status).toBe(503);
    expect(engine.runs.map(({ ended }) => ended)).toEqual([true, true]);
    expect(engine.status().state).toBe('closed');
  });

  test('is not held up by a connection that is kept alive without a request', async () => {
    const { app: closing, url } = await start(scriptedEngine(() => says()));
    await (await fetch(new URL('/health/live', url))).text();
    await closing.close();
    await expect(fetch(new URL('/health/live', url))).rejects.toThrow();
  });

  test('is not held up by a connection that has brought nothing', async () => {
    const { app: closing, url } = await start(scriptedEngine(() => says()));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    // The server has taken it: this answer came after it in the same queue.
    await (await fetch(new URL('/health/live', url))).text();
    const ended = once(socket, 'close');
    await closing.close();
    await ended;
  });

  test('twice is closing once', async () => {
    const dispose = vi.fn(async () => {});
    const engine = { ...scriptedEngine(() => says()), [Symbol.asyncDispose]: dispose };
    const { app: closing } = await start(engine);
    await Promise.all([closing.close(), closing.close(), closing[Symbol.asyncDispose]()]);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  test('goes on where a part cannot be closed, and tells of it', async () => {
    const engine = {
      ...scriptedEngine(() => says()),
      [Symbol.asyncDispose]: () => Promise.reject(new Error('stuck')),
    };
    const { app: closing } = await start(engine);
    app = undefined;
    await expect(closing.close()).rejects.toMatchObject({ errors: [new Error('stuck')] });
    // The database is closed all the same: its folder can be used anew.
    await using database = await openDatabase(path.join(directory, 'data', 'webui.sqlite'));
    await database.ping();
  });
});
