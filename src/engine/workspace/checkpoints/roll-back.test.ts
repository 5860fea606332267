import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChangeTracker } from '../changes/change-tracker.ts';
import type { RunChanges } from '../changes/run-changes.ts';
import { Checkpoints } from './checkpoints.ts';
import { type RolledBack, rollBack } from './roll-back.ts';

let directory: string;
let root: string;
let tracker: ChangeTracker;
let checkpoints: Checkpoints;
let now = 0;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'roll-back-'));
  root = path.join(directory, 'workspace');
  await mkdir(root);
  tracker = new ChangeTracker();
  now = Date.now();
  checkpoints = new Checkpoints(path.join(directory, 'kept'), { file: 1000, run: 1500, now: () => now });
});

afterEach(async () => {
  await tracker[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const at = (name: string): string => path.join(root, name);
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');

function begin(recordId = 'req', turnId = recordId): RunChanges {
  const facts = { recordId, turnId, workspaceId: 'w', root };
  return tracker.start({ id: 'w', root }, checkpoints.begin(facts));
}

let calls = 0;

/** A call of a tool, as its hooks tell of it. */
async function use(
  run: RunChanges,
  tool: string,
  input: object,
  work: () => Promise<unknown>,
): Promise<void> {
  const toolUseId = `call_${calls++}`;
  await run.before({ toolUseId, name: tool, input });
  await work();
  await run.after(toolUseId);
}

function write(run: RunChanges, name: string, text: string): Promise<void> {
  return use(run, 'Write', { file_path: at(name) }, async () => {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  });
}

function command(run: RunChanges, work: () => Promise<unknown>): Promise<void> {
  return use(run, 'Bash', { command: 'x' }, work);
}

function back(recordId = 'req', dryRun = false): Promise<RolledBack | null> {
  return rollBack(recordId, { dryRun }, { checkpoints, tracker, hiddenIn: () => undefined });
}

test('what file tools changed, made and made directories for is as it was before', async () => {
  await writeFile(at('old.sh'), 'before');
  await chmod(at('old.sh'), 0o755);
  await mkdir(at('there'));
  const run = begin();
  await write(run, 'old.sh', 'one');
  await write(run, 'old.sh', 'two');
  await write(run, 'there/new/deep/made.txt', 'made');
  await write(run, 'node_modules/pkg/index.js', 'made, where changes are not told');
  await write(run, 'same.txt', 'to come and go');
  await command(run, () => rm(at('same.txt')));
  await run.finish();

  const files = ['node_modules/pkg/index.js', 'old.sh', 'there/new/deep/made.txt'];
  expect(await back('req', true)).toEqual({ done: false, files, reason: null });
  expect(await read('old.sh')).toBe('two');
  expect(await back()).toEqual({ done: true, files, reason: null });
  expect(await read('old.sh')).toBe('before');
  expect((await stat(at('old.sh'))).mode & 0o777).toBe(0o755);
  expect((await readdir(root)).sort()).toEqual(['old.sh', 'there']);
  expect(await readdir(at('there'))).toEqual([]);
  expect(await back()).toMatchObject({ done: false, reason: expect.stringContaining('rolled back already') });
});

test('it holds after a restart, and for a run that was broken off', async () => {
  const run = begin();
  await write(run, 'a', 'made');
  await run[Symbol.asyncDispose]();
  await tracker[Symbol.asyncDispose]();
  tracker = new ChangeTracker();
  checkpoints = new Checkpoints(path.join(directory, 'kept'));
  expect(await back()).toEqual({ done: true, files: ['a'], reason: null });
  expect(await readdir(root)).toEqual([]);
});

test('a file that the run’s own command changed after its tool goes back, too', async () => {
  await writeFile(at('a'), 'before');
  const run = begin();
  await write(run, 'a', 'written');
  await command(run, () => writeFile(at('a'), 'formatted'));
  await run.finish();
  expect(await back()).toMatchObject({ done: true, files: ['a'] });
  expect(await read('a')).toBe('before');
});

test('nothing is touched where somebody changed one of the files since', async () => {
  await writeFile(at('a'), 'before');
  const run = begin();
  await write(run, 'a', 'by the run');
  await write(run, 'b', 'by the run');
  await run.finish();
  await writeFile(at('a'), 'by somebody');
  expect(await back()).toEqual({
    done: false,
    files: [],
    reason: 'Changed since by somebody else: a. Nothing was put back.',
  });
  expect(await read('b')).toBe('by the run');
});

test('a later run’s change to the same file is somebody else’s; once that is rolled back, the first can be', async () => {
  const first = begin('first');
  await write(first, 'a', 'one');
  await first.finish();
  const second = begin('second');
  await write(second, 'a', 'two');
  await write(second, 'c', 'two');
  await second.finish();
  expect((await back('first'))?.reason).toContain('Changed since by somebody else: a.');
  expect(await back('second')).toMatchObject({ done: true, files: ['a', 'c'] });
  expect(await read('a')).toBe('one');
  expect(await back('first')).toMatchObject({ done: true, files: ['a'] });
  expect(await readdir(root)).toEqual([]);
});

test('the turns of one request go back together', async () => {
  await writeFile(at('both'), 'before');
  const [one, two] = [begin('req', 'turn-0'), begin('req', 'turn-1')];
  await write(one, 'both', 'one');
  await write(two, 'both', 'two');
  await write(two, 'own', 'two');
  await Promise.all([one.finish(), two.finish()]);
  expect(await back()).toMatchObject({ done: true, files: ['both', 'own'] });
  expect(await read('both')).toBe('before');
});

test('it waits for the end of whatever runs in the workspace', async () => {
  const run = begin();
  await write(run, 'a', 'made');
  await run.finish();
  const neighbour = begin('other');
  expect((await back())?.reason).toContain('A run is under way');
  await neighbour[Symbol.asyncDispose]();
  expect(await back()).toMatchObject({ done: true });
});

test('a run that changed nothing, or is unknown, has nothing to put back and leaves nothing behind', async () => {
  await writeFile(at('a'), 'same');
  const run = begin();
  await write(run, 'a', 'same');
  await command(run, () => writeFile(at('by-command'), 'x'));
  await run.finish();
  expect(await back()).toBeNull();
  expect(await back('unknown')).toBeNull();
  expect(await readdir(path.join(directory, 'kept')).then((names) => names.length)).toBeLessThanOrEqual(1);
});

test('what was too large to be kept is said', async () => {
  await writeFile(at('large'), 'x'.repeat(1001));
  await writeFile(at('b'), 'x'.repeat(900));
  await writeFile(at('c'), 'x'.repeat(900));
  const run = begin();
  for (const name of ['large', 'b', 'c']) await write(run, name, 'short');
  await run.finish();
  expect((await back())?.reason).toBe('Too large to be kept, or not readable: c, large.');
});

test('a link that takes the place of a file, or of a directory on its way, is not followed', async () => {
  const outside = path.join(directory, 'outside');
  await mkdir(outside);
  await writeFile(path.join(outside, 'a'), 'by the run');
  await mkdir(at('sub'));
  await writeFile(at('sub/a'), 'before');
  const run = begin();
  await write(run, 'sub/a', 'by the run');
  await run.finish();
  await rm(at('sub'), { recursive: true });
  await symlink(outside, at('sub'));
  expect((await back())?.reason).toContain('Changed since');
  await rm(at('sub'));
  await mkdir(at('sub'));
  await symlink(path.join(outside, 'a'), at('sub/a'));
  expect((await back())?.reason).toContain('Changed since');
  expect(await readFile(path.join(outside, 'a'), 'utf8')).toBe('by the run');
});

test('another name of the same file is not written through', async () => {
  const outside = path.join(directory, 'outside');
  const run = begin();
  await writeFile(at('a'), 'before');
  await write(run, 'a', 'by the run');
  await run.finish();
  await link(at('a'), outside);
  expect(await back()).toMatchObject({ done: true });
  expect(await read('a')).toBe('before');
  expect(await readFile(outside, 'utf8')).toBe('by the run');
});

test('copies are removed after their time', async () => {
  const run = begin();
  await write(run, 'a', 'made');
  await run.finish();
  expect(await checkpoints.prune()).toBe(0);
  now += 8 * 24 * 60 * 60 * 1000;
  expect(await checkpoints.prune()).toBe(1);
  expect(await back()).toBeNull();
});
