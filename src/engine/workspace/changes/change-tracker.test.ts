import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { FileChange, FilesChanged } from '../../../turn/index.ts';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { ChangeTracker } from './change-tracker.ts';
import type { RunChanges } from './run-changes.ts';

const tracker = new ChangeTracker({ threads: 2 });
afterAll(() => tracker[Symbol.asyncDispose]());

let calls = 0;
const nextId = (): string => `toolu_${calls++}`;

function startIn({ root }: WorkspaceDirectory, by = tracker): RunChanges {
  return by.start({ id: 'workspace-1', root });
}

/** What Claude Code does around a shell command. */
async function bash(run: RunChanges, { root }: WorkspaceDirectory, command: string): Promise<void> {
  const toolUseId = nextId();
  await run.before({ toolUseId, name: 'Bash', input: { command } });
  await promisify(execFile)('bash', ['-c', command], { cwd: root });
  await run.after(toolUseId);
}

async function write(
  run: RunChanges,
  workspace: WorkspaceDirectory,
  name: string,
  text: string,
): Promise<void> {
  const toolUseId = nextId();
  const input = { file_path: path.join(workspace.root, name), content: text };
  await run.before({ toolUseId, name: 'Write', input });
  workspace.write(name, text);
  await run.after(toolUseId);
}

/** One line for each change. */
function summary(files: FilesChanged | undefined): string[] {
  return (files?.changes ?? []).map(({ operation, previousPath, path: file }) =>
    [operation, ...(previousPath === undefined ? [] : [previousPath]), file].join(' '),
  );
}

function byPath(one: string, other: string): number {
  const [a = '', b = ''] = [one, other].map((line) => line.split(' ').at(-1));
  return a < b ? -1 : 1;
}

function changeOf(files: FilesChanged | undefined, file: string): FileChange | undefined {
  return files?.changes.find((change) => change.path === file);
}

describe('a shell command', () => {
  test('is told by what it created, modified, deleted and renamed', async () => {
    using workspace = new WorkspaceDirectory({
      'keep.txt': 'keep',
      'edit.txt': 'one\ntwo\nthree\n',
      'old.txt': 'old\n',
      'sub/move.txt': 'moved\n',
      'dir/a': 'in a directory',
      'dir/b/c': 'deeper',
    });
    const run = startIn(workspace);
    await bash(
      run,
      workspace,
      'echo new > new.txt; sed -i s/two/2/ edit.txt; rm old.txt; mv sub/move.txt moved.txt; mv dir folder; mkdir -p x/y && echo z > x/y/z',
    );
    const files = await run.finish();
    expect(summary(files)).toEqual([
      'modified edit.txt',
      'renamed dir/a folder/a',
      'renamed dir/b/c folder/b/c',
      'renamed sub/move.txt moved.txt',
      'created new.txt',
      'deleted old.txt',
      'created x/y/z',
    ]);
    expect(files).toMatchObject({ type: 'files', workspaceId: 'workspace-1', omitted: 0, certain: true });
    expect(changeOf(files, 'edit.txt')).toEqual({
      path: 'edit.txt',
      operation: 'modified',
      content: {
        size: 12,
        mediaType: 'text/plain',
        sha256: 'bc85caa9b61bcf3a54ccfc800e2b0eda6c11fa5df4e0481c896d31cda2462eb2',
        text: 'one\n2\nthree\n',
      },
      diff: '--- a/edit.txt\n+++ b/edit.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n',
    });
    expect(changeOf(files, 'old.txt')).toEqual({
      path: 'old.txt',
      operation: 'deleted',
      diff: '--- a/old.txt\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n',
    });
    expect(changeOf(files, 'moved.txt')?.diff).toBeUndefined();
  });

  test('that changes nothing in the end is told as nothing', async () => {
    using workspace = new WorkspaceDirectory({ a: 'a', b: 'b', 'c/d': 'd' });
    const run = startIn(workspace);
    await bash(run, workspace, 'touch a; chmod +x b; cp b b2 && mv b2 b; echo x > new; rm new; mkdir empty');
    await bash(run, workspace, 'echo changed > c/d');
    await bash(run, workspace, 'printf d > c/d');
    expect(await run.finish()).toBeUndefined();
  });

  test('that leaves something running is told with what that writes until the run ends', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    await bash(run, workspace, 'true');
    workspace.write('late.txt', 'late');
    expect(summary(await run.finish())).toEqual(['created late.txt']);
  });

  test('several commands make one net change', async () => {
    using workspace = new WorkspaceDirectory({ a: 'first\n', x: 'long enough\n' });
    const run = startIn(workspace);
    await bash(run, workspace, 'mv a b; echo 1 > new');
    await bash(run, workspace, 'mv b c; echo 2 > new');
    await bash(run, workspace, 'echo second >> c; cp x y && rm x');
    const files = await run.finish();
    expect(summary(files)).toEqual(['renamed a c', 'created new', 'renamed x y']);
    expect(changeOf(files, 'c')?.diff).toBe('--- a/a\n+++ b/c\n@@ -1,1 +1,2 @@\n first\n+second\n');
    expect(changeOf(files, 'new')?.content?.text).toBe('2\n');
  });

  test('what changed before the command, or outside of any run, is not its work', async () => {
    using workspace = new WorkspaceDirectory({ a: 'a', b: 'b' });
    const first = startIn(workspace);
    await bash(first, workspace, 'true');
    await first.finish();
    workspace.write('a', 'changed by hand');
    rmSync(path.join(workspace.root, 'b'));
    const second = startIn(workspace);
    // The last look is longer ago than one counts as fresh.
    vi.useFakeTimers({ toFake: ['performance'] }).advanceTimersByTime(3_600_000);
    await bash(second, workspace, 'echo c > c');
    vi.useRealTimers();
    expect(summary(await second.finish())).toEqual(['created c']);
  });

  test('makes binary, empty, huge and oddly named files', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    await bash(
      run,
      workspace,
      String.raw`printf '\x89PNG\x00' > image.png; : > empty; truncate -s 1T huge.bin; printf '\xff\xfe' > latin.txt;
        echo a > $'new\nline "quoted"'; echo b > 'back\slash'; echo c > $'bytes\xff'; echo d > ' '; mkdir -- -d; echo e > ./-d/-e`,
    );
    const files = await run.finish();
    expect(summary(files)).toEqual([
      'created  ',
      'created -d/-e',
      'created back\\slash',
      'created bytes%FF',
      'created empty',
      'created huge.bin',
      'created image.png',
      'created latin.txt',
      'created new\nline "quoted"',
    ]);
    expect(files?.certain).toBe(true);
    expect(changeOf(files, 'image.png')?.content).toMatchObject({ size: 5, mediaType: 'image/png' });
    expect(changeOf(files, 'latin.txt')?.content).toMatchObject({ mediaType: 'application/octet-stream' });
    expect(changeOf(files, 'empty')).toMatchObject({ content: { size: 0, text: '' } });
    expect(changeOf(files, 'huge.bin')?.content).toBeUndefined();
    expect(changeOf(files, 'bytes%FF')?.content?.text).toBe('c\n');
    expect(changeOf(files, 'new\nline "quoted"')?.diff?.split('\n')[1]).toBe(
      String.raw`+++ "b/new\nline \"quoted\""`,
    );
    for (const file of ['image.png', 'latin.txt', 'empty', 'huge.bin'])
      expect(changeOf(files, file)?.diff, file).toBeUndefined();
  });

  test('links, FIFOs and sockets are no files, and nothing is seen through a link', async () => {
    using workspace = new WorkspaceDirectory({ 'dir/a.txt': 'a', 'b.txt': 'b' });
    const run = startIn(workspace);
    await bash(
      run,
      workspace,
      'ln -s ../outside out; ln -s ../outside/secret.txt secret; mkfifo fifo; ln -s . loop; rm -r dir && ln -s ../outside dir; rm b.txt && ln -s ../outside/secret.txt b.txt; echo x > ../outside/new',
    );
    workspace.link('late', '../outside');
    expect(summary(await run.finish())).toEqual(['deleted b.txt', 'deleted dir/a.txt']);
  });

  test('ignored directories and those hidden from the workspace are passed by', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = tracker.start({ id: 'w', root: workspace.root, hidden: /^owner-/ });
    await bash(
      run,
      workspace,
      'mkdir -p .git node_modules/x src/node_modules owner-1 src/owner-2; touch .git/a node_modules/x/b src/node_modules/c owner-1/d src/owner-2/e',
    );
    await write(run, workspace, '.git/hooks/evil', 'x');
    await write(run, workspace, 'owner-1/x', 'x');
    expect(summary(await run.finish())).toEqual(['created src/owner-2/e']);
  });

  test('what the sandbox of another command holds in the workspace is passed by', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    await bash(
      run,
      workspace,
      'mkdir .claude; touch .bashrc .claude/skills new; echo > .mcp.json; chmod 444 .??* .claude/* new; chmod 755 .claude',
    );
    expect(summary(await run.finish()).sort()).toEqual(['created .mcp.json', 'created new']);
  });

  test('a great many changes are counted, and the first are told', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    await bash(run, workspace, 'for i in $(seq 1000 1299); do echo $i > f$i; done');
    const files = await run.finish();
    expect(files?.changes).toHaveLength(200);
    expect(files?.changes[0]?.path).toBe('f1000');
    expect(files?.omitted).toBe(100);
  });

  test('a file that was not read before has no diff, and is told as modified', async () => {
    using workspace = new WorkspaceDirectory({ 'long.txt': 'line\n'.repeat(100_000) });
    truncateSync(path.join(workspace.root, 'long.txt'), 400_000);
    const run = startIn(workspace);
    await bash(run, workspace, 'echo more >> long.txt');
    const change = changeOf(await run.finish(), 'long.txt');
    expect(change).toMatchObject({
      operation: 'modified',
      content: { size: 400_005, mediaType: 'text/plain' },
    });
    expect(change?.diff).toBeUndefined();
    expect(change?.content?.text).toBeUndefined();
  });

  test('a change that keeps length and times is found where the content is known', async () => {
    using workspace = new WorkspaceDirectory({ a: '12345' });
    utimesSync(path.join(workspace.root, 'a'), 1, 1);
    const run = startIn(workspace);
    await bash(run, workspace, 'printf 54321 > a; touch -d @1 a');
    expect(summary(await run.finish())).toEqual(['modified a']);
  });
});

test('many directories, known for a while and shared by threads, are told as exactly', async () => {
  const files = Array.from({ length: 200 }, (_, number) => [
    `d${number % 10}/e${number}/f.txt`,
    `${number}\n`,
  ]);
  using workspace = new WorkspaceDirectory(Object.fromEntries(files));
  const run = startIn(workspace);
  // Directories that were changed just now are read anew each time; these are to be older than that.
  await new Promise((resolve) => setTimeout(resolve, 40));
  await bash(run, workspace, 'true');
  await bash(
    run,
    workspace,
    'echo x >> d1/e1/f.txt; echo y > d2/e2/new; rm d3/e3/f.txt; mv d4/e4 d5/moved; mv d6 six',
  );
  await bash(
    run,
    workspace,
    'rm -r d7/e7; mkdir -p d7/e7/deep/er; echo z > d7/e7/deep/er/z; ln -s ../d8 d9/link',
  );
  await bash(
    run,
    workspace,
    'rm d9/e9/f.txt && mkdir d9/e9/f.txt && echo in > d9/e9/f.txt/in; rm -r d8/e8; ln -s ../d0/e0 d8/e8',
  );
  const found = summary(await run.finish());
  const six = files.filter(([name = '']) => name.startsWith('d6/'));
  expect(found).toEqual(
    [
      'modified d1/e1/f.txt',
      'created d2/e2/new',
      'deleted d3/e3/f.txt',
      'renamed d4/e4/f.txt d5/moved/f.txt',
      'deleted d7/e7/f.txt',
      'created d7/e7/deep/er/z',
      'deleted d8/e8/f.txt',
      'deleted d9/e9/f.txt',
      'created d9/e9/f.txt/in',
      ...six.map(([name = '']) => `renamed ${name} six${name.slice(2)}`),
    ].toSorted(byPath),
  );
});

describe('a tool that writes one file', () => {
  test('is told by that file alone', async () => {
    using workspace = new WorkspaceDirectory({ 'a.txt': 'one\n' });
    const run = startIn(workspace);
    await write(run, workspace, 'a.txt', 'two\n');
    await write(run, workspace, 'new/b.txt', 'b');
    workspace.write('unrelated', 'by somebody else');
    const files = await run.finish();
    expect(summary(files)).toEqual(['modified a.txt', 'created new/b.txt']);
    expect(changeOf(files, 'a.txt')?.diff).toBe('--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-one\n+two\n');
  });

  test('is told by the real path, and not at all outside the workspace', async () => {
    using workspace = new WorkspaceDirectory({ 'real/a': 'a' });
    workspace.link('alias', 'real');
    workspace.link('out', '../outside');
    const run = startIn(workspace);
    await write(run, workspace, 'alias/a', 'b');
    await write(run, workspace, 'out/c', 'c');
    await write(run, workspace, '../outside/d', 'd');
    expect(summary(await run.finish())).toEqual(['modified real/a']);
  });

  test('that failed or was never made is told by nothing', async () => {
    using workspace = new WorkspaceDirectory({ a: 'a' });
    const run = startIn(workspace);
    await run.before({ toolUseId: 'x', name: 'Edit', input: { file_path: 'a' } });
    await run.after('x');
    await run.before({ toolUseId: 'y', name: 'Write', input: { file_path: 'b' } });
    await run.before({ toolUseId: 'z', name: 'Write', input: {} });
    expect(await run.finish()).toBeUndefined();
  });

  test('is known by its structured result where no hook told of it', async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    const done = { type: 'tool.done', isError: false, output: '' } as const;
    workspace.write('a', 'new\n');
    const filePath = path.join(workspace.root, 'a');
    run.observe({ ...done, callId: '1', name: 'Edit', detail: { filePath, originalFile: 'old\n' } });
    workspace.write('b', 'b');
    const created = { type: 'create', filePath: path.join(workspace.root, 'b'), originalFile: null };
    run.observe({ ...done, callId: '2', name: 'Write', detail: created });
    run.observe({ ...done, callId: '3', name: 'Read', detail: { filePath } });
    const files = await run.finish();
    expect(summary(files)).toEqual(['modified a', 'created b']);
    expect(changeOf(files, 'a')?.diff).toBe('--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-old\n+new\n');
  });
});

describe('runs beside each other in one workspace', () => {
  test('ten of them each tell what they did, and only that', async () => {
    using workspace = new WorkspaceDirectory({ 'shared.txt': 'shared' });
    const work = async (number: number): Promise<string[]> => {
      const run = startIn(workspace);
      await write(run, workspace, `written-${number}.txt`, `w${number}`);
      await bash(run, workspace, `echo ${number} > made-${number}.txt; mkdir d${number}`);
      await write(run, workspace, `d${number}/later.txt`, 'later');
      await bash(run, workspace, `mv made-${number}.txt d${number}/kept-${number}.txt; sleep 0.0${number}`);
      const files = await run.finish();
      expect(files?.certain).toBe(true);
      return summary(files);
    };
    const numbers = Array.from({ length: 10 }, (_, number) => number);
    expect(await Promise.all(numbers.map(work))).toEqual(
      numbers.map((number) => [
        `created d${number}/kept-${number}.txt`,
        `created d${number}/later.txt`,
        `created written-${number}.txt`,
      ]),
    );
  }, 60_000);

  test("what a neighbour's tool writes during a command is the neighbour's", async () => {
    using workspace = new WorkspaceDirectory({ a: 'a' });
    const [one, other] = [startIn(workspace), startIn(workspace)];
    await one.before({ toolUseId: 'command', name: 'Bash', input: {} });
    await write(other, workspace, 'neighbour', 'n');
    await other.before({ toolUseId: 'open', name: 'Write', input: { file_path: 'half' } });
    workspace.write('half', 'half');
    workspace.write('own', 'o');
    await one.after('command');
    expect(summary(await one.finish())).toEqual(['created own']);
    await other.after('open');
    expect(summary(await other.finish())).toEqual(['created half', 'created neighbour']);
  });

  test("what a command does to a neighbour's file afterwards is the command's", async () => {
    using workspace = new WorkspaceDirectory({});
    const [one, other] = [startIn(workspace), startIn(workspace)];
    await one.before({ toolUseId: 'command', name: 'Bash', input: {} });
    await write(other, workspace, 'file', 'first\n');
    appendFileSync(path.join(workspace.root, 'file'), 'second\n');
    await one.after('command');
    const files = await one.finish();
    expect(summary(files)).toEqual(['modified file']);
    expect(files?.changes[0]?.diff).toContain(' first\n+second\n');
    await other.finish();
  });

  test("what the server writes during a command is nobody's", async () => {
    using workspace = new WorkspaceDirectory({});
    const run = startIn(workspace);
    await run.before({ toolUseId: 'command', name: 'Bash', input: {} });
    await tracker.writing({ id: 'w', root: workspace.root }, 'upload', async () =>
      workspace.write('upload', 'u'),
    );
    await run.after('command');
    expect(await run.finish()).toBeUndefined();
  });

  test('a command that takes too long holds up no other, and both say that they are not certain', async () => {
    await using impatient = new ChangeTracker({ threads: 1, patience: 1_000 });
    using workspace = new WorkspaceDirectory({});
    // A thread takes its time to start.
    await impatient.usage({ id: 'w', root: workspace.root }, { maxFiles: 1 });
    const [one, other] = [startIn(workspace, impatient), startIn(workspace, impatient)];
    await one.before({ toolUseId: 'long', name: 'Bash', input: {} });
    workspace.write('one', '1');
    await bash(other, workspace, 'echo 2 > other');
    workspace.write('more', '1');
    const second = await other.finish();
    await one.after('long');
    const first = await one.finish();
    expect(summary(second)).toEqual(['created other']);
    expect(second?.certain).toBe(false);
    expect(summary(first)).toEqual(expect.arrayContaining(['created more', 'created one']));
    expect(first?.certain).toBe(false);
  });

  test('a run that ends lets waiting commands go on, whatever it was doing', async () => {
    using workspace = new WorkspaceDirectory({});
    const [one, other] = [startIn(workspace), startIn(workspace)];
    await one.before({ toolUseId: 'never-ends', name: 'Bash', input: {} });
    const waiting = bash(other, workspace, 'echo 2 > other');
    await one[Symbol.asyncDispose]();
    await waiting;
    const files = await other.finish();
    expect(summary(files)).toEqual(['created other']);
    expect(files?.certain).toBe(true);
  });
});

test('a workspace that is too large is not looked at; what tools tell is told all the same', async () => {
  await using small = new ChangeTracker({ threads: 1, maxEntries: 10 });
  using workspace = new WorkspaceDirectory(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, ''])),
  );
  const run = startIn(workspace, small);
  await bash(run, workspace, 'echo x > by-command');
  await write(run, workspace, 'by-tool', 'y');
  const files = await run.finish();
  expect(summary(files)).toEqual(['created by-tool']);
  expect(files?.certain).toBe(false);
});

test('a directory that is changed for a link to the outside at any moment shows nothing of the outside', async () => {
  using workspace = new WorkspaceDirectory({ 'sub/b.txt': 'b' });
  const run = startIn(workspace);
  await bash(run, workspace, 'true');
  {
    using _swapping = workspace.swapForLink('sub');
    for (let round = 0; round < 20; round++) await bash(run, workspace, 'true');
  }
  const files = await run.finish();
  expect(JSON.stringify(files ?? {})).not.toContain('secret');
});

test('usage counts everything, also what no listing tells', async () => {
  using workspace = new WorkspaceDirectory({ 'node_modules/a': 'x'.repeat(5000), b: 'y', 'owner-1/c': 'z' });
  symlinkSync('/', path.join(workspace.root, 'link'));
  const place = { id: 'w', root: workspace.root, hidden: /^owner-/ };
  const usage = await tracker.usage(place, { maxFiles: 100 });
  expect(usage).toMatchObject({ files: 3, truncated: false });
  expect(usage.bytes).toBeGreaterThanOrEqual(5000);
  expect((await tracker.usage(place, { maxFiles: 1 })).truncated).toBe(true);
  expect(readFileSync(path.join(workspace.root, 'b'), 'utf8')).toBe('y');
});
