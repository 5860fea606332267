import { createHash } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AttachedFile,
  agentProfile,
  type FileChange,
  type FilesChanged,
  modelProfile,
  type Turn,
  type TurnEvent,
} from '../../turn/index.ts';
import { type OpenFileServices, openFileServices } from '../testing/open-file-services.ts';
import { done, says, scriptedEngine } from '../testing/scripted-engine.ts';
import { keepFiles } from './keep-files.ts';
import { loadFiles } from './load-files.ts';
import { placeFiles } from './place-files.ts';
import { removeOldFiles } from './remove-old-files.ts';

let services: OpenFileServices;
beforeEach(async () => {
  services = await openFileServices();
});
afterEach(() => services[Symbol.asyncDispose]());

const place = { owner: 'ann', workspaceId: 'workspace' };
const turn: Turn = {
  id: 'turn_1',
  owner: 'ann',
  model: 'sonnet',
  profile: agentProfile,
  system: '',
  messages: [],
  tools: { tools: [], choice: { type: 'auto' }, parallel: true },
  output: { stop: [] },
  reasoning: {},
  sampling: {},
};

async function eventsOf(
  engine: Pick<ReturnType<typeof scriptedEngine>, 'runTurn'>,
  given: Turn = turn,
): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of engine.runTurn(given, { signal: new AbortController().signal }))
    events.push(event);
  return events;
}

function created(path: string, content: string, size = Buffer.byteLength(content)): FileChange {
  services.workspaces.of(place).set(path, Buffer.from(content));
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, operation: 'created', content: { size, mediaType: 'text/plain', sha256 } };
}

const changed = (...changes: FileChange[]): FilesChanged => ({
  type: 'files',
  workspaceId: 'workspace',
  changes,
  omitted: 0,
  certain: true,
});

/** The event of a run that made these changes, as it comes out. */
async function kept(...changes: FileChange[]): Promise<FilesChanged> {
  const engine = scriptedEngine(() => [changed(...changes), done]);
  const events = await eventsOf(keepFiles(engine, services));
  expect(events.map(({ type }) => type)).toEqual(['files', 'done']);
  const [event] = events;
  if (event?.type !== 'files') throw new Error('no files');
  return event;
}

describe("a run's files", () => {
  test('are kept, and the event says where', async () => {
    const deleted = { path: 'old.txt', operation: 'deleted' } as const;
    const event = await kept(created('a.txt', 'a'), deleted, created('b/c.txt', 'c'));
    expect(event).toEqual({
      ...changed(created('a.txt', 'a'), deleted, created('b/c.txt', 'c')),
      containerId: expect.stringMatching(/^cntr_/),
      changes: [
        { ...created('a.txt', 'a'), fileId: expect.stringMatching(/^cfile_/) },
        deleted,
        { ...created('b/c.txt', 'c'), fileId: expect.stringMatching(/^cfile_/) },
      ],
    });
    const file = await services.containerFiles.get('ann', event.changes[2]?.fileId ?? '');
    expect(file).toMatchObject({ path: 'b/c.txt', bytes: 1, runId: 'turn_1', source: 'assistant' });
    const blob = await services.blobs.open(file?.sha256 ?? '', 1);
    expect(blob && (await readText(blob.stream()))).toBe('c');
  });

  test('that are others by now are not kept, nor those that are gone or too large', async () => {
    const changes = [
      created('changed.txt', 'one'),
      created('grown.txt', 'two'),
      created('gone.txt', 'three'),
      created('large.txt', 'x'.repeat(1001)),
    ];
    const workspace = services.workspaces.of(place);
    workspace.set('changed.txt', Buffer.from('two'));
    workspace.set('grown.txt', Buffer.from('two more'));
    workspace.delete('gone.txt');
    expect(await kept(...changes)).toEqual(changed(...changes));
    expect(services.log).toEqual([]);
    const [good] = (await kept(...changes, created('good.txt', 'good'))).changes.slice(-1);
    expect(good?.fileId).toBeDefined();
    expect(await services.contents()).toBe(1);
  });

  test('are kept up to 200, and up to a gigabyte', async () => {
    const many = Array.from({ length: 203 }, (_, index) => created(`${index}.txt`, 'same'));
    const event = await kept(...many);
    expect(event.changes.filter(({ fileId }) => fileId !== undefined)).toHaveLength(200);
    expect(await services.contents()).toBe(1);
    const roomy = { ...services, maxBytes: () => 1e12 };
    const engine = scriptedEngine(() => [
      changed(created('huge.bin', 'h', 2 ** 30), created('a.txt', 'a')),
      done,
    ]);
    const [files] = await eventsOf(keepFiles(engine, roomy));
    // The first does not have the size that is said, so it is not kept, but counts.
    expect(files).not.toHaveProperty('containerId');
  });

  test('that cannot be kept do no harm', async () => {
    const { record } = services.containerFiles;
    services.containerFiles.record = () => Promise.reject(new Error('no database'));
    const engine = scriptedEngine(() => [changed(created('a.txt', 'a')), done]);
    const events = await eventsOf(keepFiles(engine, services));
    services.containerFiles.record = record;
    expect(events).toEqual([changed(created('a.txt', 'a')), done]);
    expect(services.log).toMatchObject([{ level: 50, turn: 'turn_1' }]);
    services.workspaces.open = () => Promise.reject(new Error('no disk'));
    expect(await kept(created('a.txt', 'a'))).toEqual(changed(created('a.txt', 'a')));
  });

  test('of another owner in the same workspace are in a container of their own', async () => {
    const mine = await kept(created('a.txt', 'a'));
    services.workspaces.of({ owner: 'bob', workspaceId: 'workspace' }).set('a.txt', Buffer.from('a'));
    const engine = scriptedEngine(() => [changed(created('a.txt', 'a')), done]);
    const [theirs] = await eventsOf(keepFiles(engine, services), { ...turn, owner: 'bob' });
    expect(theirs).toMatchObject({ containerId: expect.stringMatching(/^cntr_/) });
    expect(theirs).not.toMatchObject({ containerId: mine.containerId });
  });
});

describe('attached files', () => {
  const attach = (id: string, path = `uploads/${id}/a.txt`): AttachedFile => ({
    id,
    filename: 'a.txt',
    mediaType: 'text/plain',
    path,
  });
  const run = (attachedFiles: AttachedFile[], more: Partial<Turn> = {}): Promise<TurnEvent[]> =>
    eventsOf(
      placeFiles(
        scriptedEngine(() => says('Hello')),
        services,
      ),
      { ...turn, ...more, attachedFiles },
    );

  test('are in the workspace when the run begins, and stay as they are later', async () => {
    const id = await services.upload('content');
    const workspace = services.workspaces.of(place);
    expect((await run([attach(id)])).at(-1)).toEqual(done);
    expect(workspace.get(`uploads/${id}/a.txt`)?.toString()).toBe('content');
    workspace.set(`uploads/${id}/a.txt`, Buffer.from('the work of the agent'));
    await run([attach(id)]);
    expect(workspace.get(`uploads/${id}/a.txt`)?.toString()).toBe('the work of the agent');
  });

  test('are nowhere where there is no workspace', async () => {
    const id = await services.upload('content');
    expect((await run([attach(id)], { profile: modelProfile })).at(-1)).toEqual(done);
    expect(services.workspaces.of(place).size).toBe(0);
  });

  test("that are not there, are another's or cannot be placed fail the turn", async () => {
    const id = await services.upload('content');
    const failed = [{ type: 'error', error: { code: 'invalid_request' } }];
    expect(await run([attach('file-unknown')])).toMatchObject(failed);
    expect(await run([attach(id)], { owner: 'bob' })).toMatchObject(failed);
    expect(await run([attach(id, '../outside.txt')])).toMatchObject(failed);
    services.workspaces.write = () => Promise.reject(new Error('no disk'));
    expect(await run([attach(id)])).toMatchObject([{ type: 'error', error: { code: 'engine_failed' } }]);
    expect(services.log).toMatchObject([{ level: 50, turn: 'turn_1' }]);
  });
});

describe('files for a decoder', () => {
  test('come with what Claude can read', async () => {
    const text = await services.upload('Grüße', { filename: 'a.md', mediaType: 'text/markdown' });
    const image = await services.upload(Buffer.from([1, 2]), { filename: 'a.png', mediaType: 'image/png' });
    const other = await services.upload('x', { filename: 'a.zip', mediaType: 'application/zip' });
    const find = await loadFiles('ann', [text, image, other, 'file-unknown'], services);
    expect([text, image, other, 'file-unknown', 'never asked'].map(find)).toEqual([
      { filename: 'a.md', mediaType: 'text/markdown', content: { kind: 'text', text: 'Grüße' } },
      { filename: 'a.png', mediaType: 'image/png', content: { kind: 'base64', data: 'AQI=' } },
      { filename: 'a.zip', mediaType: 'application/zip' },
      undefined,
      undefined,
    ]);
    const foreign = await loadFiles('bob', [text], services);
    expect(foreign(text)).toBeUndefined();
  });

  test('come without content where all of them together would be too much', async () => {
    const pdf = { filename: 'a.pdf', mediaType: 'application/pdf' };
    const ids = [
      await services.upload(Buffer.alloc(15e6, 1), pdf),
      await services.upload(Buffer.alloc(15e6, 2), pdf),
    ];
    const find = await loadFiles('ann', ids, services);
    expect(ids.map((id) => find(id)?.content !== undefined)).toEqual([true, false]);
  });
});

describe('what is old', () => {
  const hour = 3_600_000;
  const remove = (retentionMs?: number) => removeOldFiles(services, { now: services.clock.now, retentionMs });

  test('is deleted, and its content as well once nothing else has it', async () => {
    await services.upload('upload');
    await services.upload('both');
    await kept(created('a.txt', 'run'), created('b.txt', 'both'));
    expect(await services.contents()).toBe(3);
    services.clock.now += 2 * hour;
    await services.upload('both');
    expect(await remove(3 * hour)).toEqual({ files: 0, containers: 0, contents: 0 });
    expect(await remove(hour)).toEqual({ files: 4, containers: 0, contents: 2 });
    expect(await services.contents()).toBe(1);
    expect(await remove()).toEqual({ files: 0, containers: 0, contents: 0 });
  });

  test('of a container that has expired goes with its workspace', async () => {
    const { now } = services.clock;
    const container = { id: 'cntr_1', owner: 'ann', workspaceId: 'cntr_1', name: 'x', createdAt: now };
    await services.containers.create({ ...container, lastActiveAt: now, expiresAfterMinutes: 1 });
    services.workspaces.of(container);
    expect(await remove()).toMatchObject({ containers: 0 });
    services.clock.now += 60_000;
    expect(await remove()).toMatchObject({ containers: 1 });
    expect(services.workspaces.has(container)).toBe(false);
  });
});
