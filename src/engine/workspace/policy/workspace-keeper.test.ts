import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { agentProfile, type Turn } from '../../../turn/index.ts';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { ChangeTracker } from '../changes/change-tracker.ts';
import { directoryOfPlace, type WorkspacePlace } from '../workspace-names.ts';
import { Workspaces } from '../workspaces.ts';
import type { WorkspaceQuota } from './check-quota.ts';
import { WorkspaceKeeper } from './workspace-keeper.ts';

const longAgo = new Date('2020-01-01');
const since = new Date('2024-01-01');

class Kept implements AsyncDisposable {
  readonly directory = new WorkspaceDirectory();
  readonly stateDir = path.join(this.directory.outside, 'state');
  readonly tracker = new ChangeTracker({ threads: 1 });
  readonly keeper: WorkspaceKeeper;
  readonly forgotten: Date[] = [];
  readonly removed: string[] = [];
  quota: WorkspaceQuota = {};

  constructor() {
    const conversations = {
      find: async () => null,
      save: async () => {},
      deleteIdleSince: async (time: Date) => this.forgotten.push(time),
    };
    const { root, outside } = this.directory;
    this.keeper = new WorkspaceKeeper({
      workspaces: new Workspaces({ root, emptyDir: path.join(outside, 'empty'), conversations }),
      tracker: this.tracker,
      conversations,
      stateDir: this.stateDir,
      quota: () => this.quota,
      onRemoved: (directory) => this.removed.push(path.basename(directory)),
      commits: { searchPath: process.env['PATH'] ?? '' },
    });
  }

  pathOf(place: WorkspacePlace, ...names: string[]): string {
    return path.join(this.directory.root, directoryOfPlace(place) ?? '', ...names);
  }

  /** Leaves a file there, as a run does. */
  async work(place: WorkspacePlace, content: string | Buffer = 'x', name = 'a.txt'): Promise<void> {
    using _stay = await this.keeper.enter(place, 0);
    writeFileSync(this.pathOf(place, name), content);
  }

  usedLongAgo(): void {
    const marks = path.join(this.stateDir, 'used');
    for (const name of readdirSync(marks)) utimesSync(path.join(marks, name), longAgo, longAgo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tracker[Symbol.asyncDispose]();
    this.directory[Symbol.dispose]();
  }
}

const conversation = { owner: 'ann', workspaceId: 'conversation-1' };
const container = { owner: 'ann', workspaceId: 'cntr_1' };
const named = { owner: 'ann', workspaceId: 'directory-team' };
const shared = { owner: 'local', workspaceId: 'shared' };
const full = expect.objectContaining({ code: 'workspace_full' });

const turn: Turn = {
  id: 'turn_1',
  owner: 'key_1',
  model: 'sonnet',
  profile: agentProfile,
  system: '',
  messages: [],
  tools: { tools: [], choice: { type: 'auto' }, parallel: true },
  output: { stop: [] },
  reasoning: {},
  sampling: {},
};

test('workspaces of conversations that nobody used go with their history, those in use stay, and so do all others', async () => {
  await using kept = new Kept();
  const { keeper } = kept;
  const busy = { owner: 'ann', workspaceId: 'conversation-2' };
  for (const place of [conversation, busy, container, named, shared]) await kept.work(place);
  {
    using stay = await keeper.enter(conversation);
    await keeper.noteRun(conversation, stay.workspace, turn);
  }
  const history = path.join(kept.stateDir, 'history', `${directoryOfPlace(conversation)}.git`);
  expect(existsSync(history)).toBe(true);
  using _busy = await keeper.enter(busy);
  kept.usedLongAgo();
  expect(await keeper.removeUnused(since)).toBe(1);
  expect(existsSync(kept.pathOf(conversation))).toBe(false);
  expect(existsSync(history)).toBe(false);
  for (const place of [busy, container, named, shared])
    expect(readFileSync(kept.pathOf(place, 'a.txt'), 'utf8')).toBe('x');
  expect(kept.forgotten).toEqual([since]);
  expect(kept.removed).toEqual([directoryOfPlace(conversation)]);
  // It is made anew where its conversation goes on.
  await kept.work(conversation);
  expect(existsSync(kept.pathOf(conversation, 'a.txt'))).toBe(true);
});

test('one is removed on demand while nobody works in it; the shared one never', async () => {
  await using kept = new Kept();
  const { keeper } = kept;
  await kept.work(container);
  await kept.work(shared);
  const stay = await keeper.enter(container);
  expect(keeper.isBusy(container)).toBe(true);
  expect(await keeper.remove(container)).toBe(false);
  expect(await keeper.takeAway(directoryOfPlace(container) ?? '', async () => {})).toBe(false);
  stay[Symbol.dispose]();
  expect(keeper.isBusy(container)).toBe(false);
  expect(await keeper.remove(container)).toBe(true);
  expect(await keeper.remove(shared)).toBe(false);
  expect(readdirSync(kept.directory.root)).toEqual(['a.txt']);
});

test('a full workspace lets nobody in who brings something, and one with room again does', async () => {
  await using kept = new Kept();
  const { keeper } = kept;
  await kept.work(named, Buffer.alloc(2 * 1024 * 1024));
  kept.quota = { maxBytes: 3 * 1024 * 1024 };
  await kept.work(named, 'small', 'b.txt');
  await expect(keeper.enter(named, 2 * 1024 * 1024)).rejects.toEqual(full);
  // What is announced counts at once.
  (await keeper.enter(named, 1024 * 1024 - 16 * 1024))[Symbol.dispose]();
  await expect.poll(() => keeper.enter(named, 0).then((stay) => stay[Symbol.dispose]())).toBeUndefined();
  kept.quota = { maxBytes: 1024 * 1024 };
  await expect(keeper.enter(named, 0)).rejects.toEqual(full);
  expect(keeper.isBusy(named)).toBe(false);
  (await keeper.enter(named))[Symbol.dispose]();
  kept.quota = { maxFiles: 2 };
  await expect(keeper.enter(named, 0)).rejects.toThrow('holds 2 files');
  kept.quota = { maxFiles: 3 };
  (await keeper.enter(named, 0))[Symbol.dispose]();
});

test('what lies in the shared workspace beside the others counts as its own', async () => {
  await using kept = new Kept();
  await kept.work(named, Buffer.alloc(2 * 1024 * 1024));
  await kept.work(shared);
  kept.quota = { maxBytes: 1024 * 1024, maxFiles: 2 };
  await kept.work(shared);
  kept.quota = { maxFiles: 1 };
  await expect(kept.work(shared)).rejects.toEqual(full);
});

test('the history of the shared workspace holds nothing of the others', async () => {
  await using kept = new Kept();
  for (const place of [conversation, container, named, shared]) await kept.work(place);
  using stay = await kept.keeper.enter(shared);
  await kept.keeper.noteRun(shared, stay.workspace, turn);
  const history = path.join(kept.stateDir, 'history', 'shared.git');
  const git = (...args: string[]): string =>
    execFileSync('git', [`--git-dir=${history}`, ...args], { encoding: 'utf8' }).trim();
  expect(git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('a.txt');
  expect(git('log', '--format=%B')).toBe('Run turn_1\n\nOwner: key_1\nModel: sonnet\nProfile: agent');
});

test('when one was used last is known', async () => {
  await using kept = new Kept();
  await kept.work(named);
  kept.usedLongAgo();
  expect(await kept.keeper.lastUsed('directory-team')).toEqual(longAgo);
  expect(await kept.keeper.lastUsed('directory-none')).toBeUndefined();
});
