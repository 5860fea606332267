import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Launch } from '../claude/launch.ts';
import * as spareProcess from '../claude/spare-process.ts';
import type { OwnedProcess } from '../claude/spawn-process.ts';
import { SpareShelf } from './spare-shelf.ts';

interface FakeSpare {
  readonly model: string;
  ended: boolean;
  readonly exit: () => void;
  readonly process: OwnedProcess;
}

const started: FakeSpare[] = [];

function noteSpare(model: string): OwnedProcess {
  let exit = (): void => {};
  const exited = new Promise<void>((resolve) => {
    exit = resolve;
  });
  const process = {
    exited,
    end: async () => {
      spare.ended = true;
      exit();
    },
  } as unknown as OwnedProcess;
  const spare: FakeSpare = { model, ended: false, exit, process };
  started.push(spare);
  return process;
}

const launch = (model: string): Launch => ({
  model,
  cwd: '/work',
  builtInTools: 'all',
  permissionMode: 'bypassPermissions',
  thinking: true,
});
const shelf = (places: number, expected: readonly string[] = []): SpareShelf =>
  new SpareShelf(
    { places: () => places, environment: { variables: {}, leanChat: true }, instance: 'test' },
    () => expected.map(launch),
  );
const waiting = (): string[] =>
  started
    .filter(({ ended }) => !ended)
    .map(({ model }) => model)
    .toSorted();

// Spares are processes; these are only noted down. Spies end with this file, `vi.mock` would not.
beforeEach(() => {
  started.length = 0;
  vi.spyOn(spareProcess, 'captureSpawn').mockImplementation(({ model, cwd }) => ({
    command: 'claude',
    args: [model],
    cwd,
    env: {},
    signal: new AbortController().signal,
  }));
  vi.spyOn(spareProcess, 'startSpare').mockImplementation(({ args }) => noteSpare(args[0] ?? ''));
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('spares of the expected launches are started before anybody asked', () => {
  const spares = shelf(2, ['agent', 'chat']);
  spares.refill(10);
  expect(waiting()).toEqual(['agent', 'chat']);
  expect(spares.size).toBe(2);
});

test('what runs aside may take a spare, but none is kept for it', () => {
  const spares = shelf(1, ['agent']);
  for (let use = 0; use < 5; use++) spares.take(launch('small'), { counts: false });
  spares.refill(10);
  expect(waiting()).toEqual(['agent']);
  expect(spares.take(launch('agent'), { counts: false })).toBe(started[0]?.process);
  for (let use = 0; use < 5; use++) spares.take(launch('small'));
  spares.refill(10);
  expect(waiting()).toContain('small');
});

test('a spare is given out once, to its own launch only', () => {
  const spares = shelf(1, ['agent']);
  spares.refill(10);
  expect(spares.take(launch('other'))).toBeUndefined();
  expect(spares.take(launch('agent'))).toBe(started[0]?.process);
  expect(spares.take(launch('agent'))).toBeUndefined();
  expect(spares.size).toBe(0);
});

test('a launch seen once gets no spare, one that comes again does', () => {
  const spares = shelf(1);
  spares.take(launch('new'));
  spares.refill(10);
  expect(waiting()).toEqual([]);
  spares.take(launch('new'));
  spares.refill(10);
  expect(waiting()).toEqual(['new']);
});

test('the places go where the demand went, and spares nobody asks for are ended', async () => {
  const spares = shelf(1, ['agent']);
  spares.refill(10);
  for (let times = 0; times < 3; times++) spares.take(launch('chat'));
  spares.refill(10);
  expect(waiting()).toEqual(['chat']);
  expect(started[0]).toMatchObject({ model: 'agent', ended: true });
  expect(spares.size).toBe(1);
});

test('old demand is forgotten', () => {
  const spares = shelf(1);
  for (let times = 0; times < 5; times++) spares.take(launch('once popular'));
  for (let times = 0; times < 32; times++) spares.take(launch(`single ${times}`));
  spares.refill(10);
  expect(waiting()).toEqual([]);
});

test('no more are started than there is room for', () => {
  const spares = shelf(3, ['agent']);
  spares.refill(1);
  expect(spares.size).toBe(1);
  spares.refill(0);
  expect(spares.size).toBe(1);
  spares.refill(-1);
  expect(spares.size).toBe(1);
  spares.refill(5);
  expect(spares.size).toBe(3);
});

test('refilling a full shelf starts nothing', () => {
  const spares = shelf(2, ['agent', 'chat']);
  spares.refill(10);
  spares.refill(10);
  expect(started).toHaveLength(2);
});

test('a spare that exits by itself is not given out, and is replaced', async () => {
  const spares = shelf(1, ['agent']);
  spares.refill(10);
  started[0]?.exit();
  await started[0]?.process.exited;
  await Promise.resolve();
  expect(spares.size).toBe(0);
  spares.refill(10);
  expect(spares.take(launch('agent'))).toBe(started[1]?.process);
});

test('one spare after the other can be ended to make room', async () => {
  const spares = shelf(2, ['agent', 'chat']);
  spares.refill(10);
  await spares.endAny();
  expect(waiting()).toHaveLength(1);
  await spares.endAny();
  expect(waiting()).toEqual([]);
  expect(spares.endAny()).toBeUndefined();
});

test('ending all leaves none, and the shelf can be filled again', async () => {
  const spares = shelf(3, ['agent', 'chat']);
  spares.refill(10);
  await spares.endAll();
  expect(waiting()).toEqual([]);
  spares.refill(10);
  expect(spares.size).toBe(3);
});

test('none waits in a directory that is there no more, until it is asked for there again', () => {
  const spares = shelf(2);
  const gone = { ...launch('opus'), cwd: '/gone' };
  for (const one of [launch('opus'), launch('opus'), gone, gone]) spares.take(one);
  spares.refill(2);
  expect(waiting()).toEqual(['opus', 'opus']);
  spares.endIn('/gone');
  spares.refill(1);
  expect(spares.take(gone)).toBeUndefined();
  expect(spares.take(launch('opus'))).toBeDefined();
});
