import { afterEach, describe, expect, test } from 'vitest';
import type { EngineStatus } from '../../engine/index.ts';
import { type ScriptedEngine, says, scriptedEngine } from '../testing/scripted-engine.ts';
import { createTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(status: Partial<EngineStatus>, options: Omit<TestServerOptions, 'engine'> = {}) {
  const engine: ScriptedEngine = scriptedEngine(() => says('Hello'));
  engine.setStatus(status);
  server = await createTestServer({ engine, ...options });
  return { app: server.app, engine };
}

const unreachable = { pingDatabase: () => Promise.reject(new Error('no database')) };
const missing: EngineStatus['credentials'] = { state: 'missing' };

describe('/health', () => {
  test('tells what there is, and runs no model', async () => {
    const { app, engine } = await start({});
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      status: 'ok',
      version: '1.2.3',
      uptime_seconds: expect.any(Number),
      engine: {
        state: 'ready',
        credentials: { state: 'present', source: 'ANTHROPIC_API_KEY' },
        injection: 'proven',
        sandbox: { state: 'active', reason: null },
        pool: { max_processes: 4, running: 0, idle: 0, spares: 2, queued: 0, queue_limit: 64 },
      },
      database: { status: 'ok' },
      problems: [],
    });
    expect(engine.runs).toHaveLength(0);
  });

  test.each<[string, Partial<EngineStatus>, Omit<TestServerOptions, 'engine'>, number, string[]]>([
    ['a start in progress', { state: 'starting' }, {}, 200, ['engine_starting']],
    ['unknown credentials', { credentials: { state: 'unknown' } }, {}, 200, []],
    ['a failed engine', { state: 'failed', failure: 'no binary' }, {}, 503, ['engine_failed']],
    ['a closed engine', { state: 'closed' }, {}, 503, ['engine_closed']],
    ['missing credentials', { credentials: missing }, {}, 503, ['credentials_missing']],
    ['an unreachable database', {}, unreachable, 503, ['database_unreachable']],
    [
      'two faults',
      { credentials: missing },
      unreachable,
      503,
      ['credentials_missing', 'database_unreachable'],
    ],
  ])('with %s', async (_name, status, options, expected, problems) => {
    const { app } = await start(status, options);
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(expected);
    expect(response.json().status).toBe(expected === 200 ? 'ok' : 'degraded');
    expect(response.json().problems.map(({ code }: { code: string }) => code)).toEqual(problems);
  });
});

describe('/health/ready', () => {
  test('is ready when everything is there', async () => {
    const { app } = await start({});
    const response = await app.inject('/health/ready');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ready' });
  });

  test.each<[string, Partial<EngineStatus>, Omit<TestServerOptions, 'engine'>, string]>([
    ['the engine starts', { state: 'starting' }, {}, 'engine_starting'],
    ['the engine failed', { state: 'failed', failure: 'no binary' }, {}, 'engine_failed'],
    ['credentials are missing', { credentials: missing }, {}, 'credentials_missing'],
    ['the database does not answer', {}, unreachable, 'database_unreachable'],
    ['the server ends', {}, { isShuttingDown: () => true }, 'shutting_down'],
  ])('is not ready while %s', async (_name, status, options, code) => {
    const { app } = await start(status, options);
    const response = await app.inject('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({
      status: 'not_ready',
      reasons: [{ code, message: expect.stringMatching(/\w/) }],
    });
  });

  test('says how to supply credentials', async () => {
    const { app } = await start({ credentials: missing });
    const [{ message }] = (await app.inject('/health/ready')).json().reasons;
    for (const way of ['ANTHROPIC_API_KEY', 'BEDROCK', 'VERTEX', 'FOUNDRY', 'log in']) {
      expect(message).toContain(way);
    }
  });
});

test('/health/live is live whatever the rest does', async () => {
  const { app } = await start({ state: 'failed' }, unreachable);
  const response = await app.inject('/health/live');
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({ status: 'live' });
});
