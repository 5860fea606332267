import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { expect, test, vi } from 'vitest';
import { checkResponseEvents } from '../support/check-response-events.ts';
import { readEvents, type StreamEvent } from '../support/read-events.ts';
import { temporaryDirectory } from '../support/start-app.ts';
import { type ServerProcess, startServer } from '../support/start-server.ts';
import { testDatabases } from '../support/test-databases.ts';
import { lastUserText, startUpstream, text } from '../support/upstream.ts';

const runs = 20;
const kills = 3;
const settings = { MAX_PROCESSES: '6', BACKGROUND_WORKERS: '3', WARM_SPARES: '1' };

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a client of one run has seen live, over all the connections that it needed. */
interface Watched {
  readonly id: string;
  readonly name: string;
  readonly seen: StreamEvent[];
  whole: boolean;
}

test.each(testDatabases.map((database, index) => ({ ...database, seed: index + 1 })))(
  '20 background runs survive kill -9 of their server ($kind, seed $seed)',
  { timeout: 300_000 },
  async ({ kind, create, seed }) => {
    const random = randomFrom(seed);
    const directory = await temporaryDirectory();
    await using place = await create();
    const env = { ...settings, DATABASE_URL: place.url };
    await using upstream = await startUpstream();
    upstream.script((request) => {
      const name = /run-\d+;/.exec(lastUserText(request))?.[0] ?? '?';
      return { blocks: [text('This ', 'is ', name)], hold: sleep(300 + random() * 1_500) };
    });
    let server: ServerProcess = await startServer({ upstream, directory, env });
    const client = () => new OpenAI({ baseURL: server.baseUrl, apiKey: 'sk-test', maxRetries: 0 });

    /** Follows a run from the last event that was seen, until the connection breaks or the stream ends. */
    const watch = async (run: Watched): Promise<void> => {
      const after = run.seen.at(-1)?.sequence_number ?? -1;
      const url = `${server.baseUrl}/responses/${run.id}?stream=true&starting_after=${after}`;
      const response = await fetch(url).catch(() => undefined);
      if (response?.status !== 200) return;
      const { whole } = await readEvents(response, (event) => run.seen.push(event));
      run.whole = whole;
    };

    try {
      const made = await Promise.all(
        Array.from({ length: runs }, async (_, index): Promise<Watched> => {
          const name = `run-${index};`;
          const { id } = await client().responses.create({
            model: 'model/claude-sonnet-5',
            input: `Say ${name}`,
            background: true,
          });
          return { id, name, seen: [], whole: false };
        }),
      );

      for (let kill = 0; kill < kills; kill++) {
        const watching = Promise.all(made.filter(({ whole }) => !whole).map(watch));
        await sleep(400 + random() * 2_500);
        if (kill === 0) {
          // One that waits and, most likely, one that runs.
          await client().responses.cancel(made[runs - 1]?.id ?? '');
          await client().responses.cancel(made[0]?.id ?? '');
        }
        await server.stop('SIGKILL');
        await watching;
        server = await startServer({ upstream, directory, env });
      }
      await Promise.all(made.filter(({ whole }) => !whole).map(watch));

      const tally: Record<string, number> = {};
      for (const { id, name, seen } of made) {
        const response = await vi.waitFor(
          async () => {
            const now = await client().responses.retrieve(id);
            expect(now.status).not.toMatch(/queued|in_progress/);
            return now;
          },
          { timeout: 90_000, interval: 200 },
        );
        const status = response.status ?? '';
        tally[status] = (tally[status] ?? 0) + 1;

        const calls = upstream.requests.filter((request) => lastUserText(request).includes(name));
        const replay = await readEvents(await fetch(`${server.baseUrl}/responses/${id}?stream=true`));
        expect(replay.whole).toBe(true);
        expect(replay.events.slice(0, seen.length), `what was seen of ${name}`).toEqual(seen);
        checkResponseEvents(replay.events, { end: status === 'cancelled' ? 'cut' : 'terminal' });
        switch (status) {
          case 'completed':
            expect(response.output_text).toBe(`This is ${name}`);
            expect(calls, `calls of ${name}`).toHaveLength(1);
            break;
          case 'failed':
            expect(response.error).toMatchObject({ code: 'server_error' });
            expect(calls.length, `calls of ${name}`).toBeLessThanOrEqual(1);
            break;
          default:
            expect(status).toBe('cancelled');
            expect(calls.length, `calls of ${name}`).toBeLessThanOrEqual(1);
        }
      }
      // The kills hit something, and what they did not hit was done.
      expect(tally).toMatchObject({ completed: expect.any(Number), failed: expect.any(Number) });
      expect(tally['cancelled']).toBeGreaterThanOrEqual(1);
      expect(Object.values(tally).reduce((a, b) => a + b)).toBe(runs);
      process.stdout.write(`kill -9 tally, ${kind}, seed ${seed}: ${JSON.stringify(tally)}\n`);
    } finally {
      await server.stop('SIGKILL');
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
