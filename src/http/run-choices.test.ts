import { expect, test, vi } from 'vitest';
import { agentProfile, type Turn, TurnError } from '../turn/index.ts';
import { type ChoiceEvent, runChoices } from './run-choices.ts';
import { done, failure, forever, says, scriptedEngine, started, text } from './testing/scripted-engine.ts';

const turn: Turn = {
  id: 'turn',
  owner: 'local',
  model: 'sonnet',
  profile: agentProfile,
  system: '',
  messages: [],
  tools: { tools: [], choice: { type: 'auto' }, parallel: true },
  output: { stop: [] },
  reasoning: {},
  sampling: {},
};

function run(engine: Parameters<typeof runChoices>[0], n = 1, signal = new AbortController().signal) {
  const observed: ChoiceEvent[] = [];
  return { observed, run: runChoices(engine, turn, n, { signal, observe: (event) => observed.push(event) }) };
}

async function collect(events: AsyncIterable<ChoiceEvent>): Promise<ChoiceEvent[]> {
  const all: ChoiceEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('one turn keeps its id and its events in order', async () => {
  const engine = scriptedEngine(() => says('a', 'b'));
  const { run: one, observed } = run(engine);
  const events = await collect(one.events);
  expect(events.map(({ event }) => event.type)).toEqual([
    'started',
    'text.started',
    'text.delta',
    'text.delta',
    'done',
  ]);
  expect(observed).toEqual(events);
  expect(engine.runs[0]?.turn.id).toBe('turn');
  await one[Symbol.asyncDispose]();
});

test('several turns run at once under their own ids', async () => {
  let arrived = 0;
  let all = (): void => {};
  const everybodyThere = new Promise<void>((resolve) => {
    all = resolve;
  });
  const engine = scriptedEngine((own) => [
    started,
    () => {
      arrived += 1;
      if (arrived === 3) all();
      return everybodyThere;
    },
    text(own.id),
    done,
  ]);
  const { run: three } = run(engine, 3);
  const texts = (await collect(three.events)).flatMap(({ choice, event }) =>
    event.type === 'text.delta' ? [[choice, event.text]] : [],
  );
  expect(texts.sort()).toEqual([
    [0, 'turn-0'],
    [1, 'turn-1'],
    [2, 'turn-2'],
  ]);
});

test('when one fails the others are stopped, and their last events are still observed', async () => {
  const engine = scriptedEngine((own) =>
    own.id === 'turn-1' ? [started, failure(new TurnError('overloaded', 'Busy.'))] : [started, forever],
  );
  const { run: two, observed } = run(engine, 2);
  for await (const { event } of two.events) if (event.type === 'error') break;
  await two[Symbol.asyncDispose]();
  const ends = observed.flatMap(({ choice, event }) =>
    event.type === 'error' ? [{ choice, code: event.error.code }] : [],
  );
  // The other one is called by what stopped it.
  expect(ends).toEqual([
    { choice: 1, code: 'overloaded' },
    { choice: 0, code: 'overloaded' },
  ]);
  expect(engine.runs.every((each) => each.ended)).toBe(true);
});

test('disposing early stops the turn and waits for its end', async () => {
  const engine = scriptedEngine(() => [started, forever]);
  const { run: one, observed } = run(engine);
  for await (const { event } of one.events) {
    expect(event.type).toBe('started');
    break;
  }
  await one[Symbol.asyncDispose]();
  expect(engine.runs[0]?.signal.aborted).toBe(true);
  expect(engine.runs[0]?.ended).toBe(true);
  expect(observed.at(-1)?.event).toMatchObject({ type: 'error', error: { code: 'cancelled' } });
});

test('a turn is at most one event ahead of its reader', async () => {
  const engine = scriptedEngine(() => says(...Array.from({ length: 500 }, () => 'x')));
  const { run: one } = run(engine);
  let read = 0;
  for await (const _ of one.events) {
    read += 1;
    await new Promise((resolve) => setImmediate(resolve));
    expect((engine.runs[0]?.taken ?? 0) - read).toBeLessThanOrEqual(1);
  }
  expect(read).toBe(503);
});

test('a signal that is aborted already runs nothing to its end', async () => {
  const engine = scriptedEngine(() => says('a'));
  const { run: one } = run(engine, 1, AbortSignal.abort());
  const events = await collect(one.events);
  expect(events.map(({ event }) => event.type)).toEqual(['error']);
});

test('a stop by the server is told by its own reason', async () => {
  const controller = new AbortController();
  const engine = scriptedEngine(() => [started, forever]);
  const { run: one } = run(engine, 1, controller.signal);
  const events = collect(one.events);
  await vi.waitFor(() => expect(engine.runs).toHaveLength(1));
  controller.abort(new TurnError('shutting_down', 'Bye.'));
  expect((await events).at(-1)?.event).toMatchObject({ error: { code: 'shutting_down' } });
});

test('an engine that throws, or ends without a result, gives a terminal error all the same', async () => {
  const throwing = {
    // biome-ignore lint/correctness/useYield: it breaks before its first event
    async *runTurn(): AsyncGenerator<never> {
      throw new Error('boom');
    },
  };
  const [thrown] = await collect(run(throwing).run.events);
  expect(thrown?.event).toMatchObject({ type: 'error', error: { code: 'engine_failed' } });
  const silent = await collect(run(scriptedEngine(() => [started])).run.events);
  expect(silent.at(-1)?.event).toMatchObject({ type: 'error', error: { code: 'engine_failed' } });
});
