import type { Readable } from 'node:stream';
import { AccessError, type Actor, type AuditLog, localOwner, ownerOf } from '../access/index.ts';
import type { ApiKeyWithUsage, WorkspaceEntry, WorkspaceFileEntry } from '../contract/index.ts';
import { type BrowsedWorkspace, type Engine, mediaTypeOfName, WorkspaceFileError } from '../engine/index.ts';
import type { ConsoleServices } from '../http/index.ts';
import type { StoredWorkspace } from '../storage/index.ts';

export interface WorkspaceAdministratorOptions {
  readonly browser: Engine['workspaceBrowser'];
  readonly keys: () => Promise<readonly Pick<ApiKeyWithUsage, 'id' | 'name'>[]>;
  /** Workspaces whose owner the database knows. */
  readonly stored: () => Promise<readonly StoredWorkspace[]>;
  readonly audit: Pick<AuditLog, 'record'>;
}

interface Known {
  readonly name?: string | undefined;
  readonly owner: string;
}

type Opened = Awaited<ReturnType<ConsoleServices['workspaces']['open']>>;

/** The workspaces of all owners, as the console shows them; what it deletes is audited. */
export class WorkspaceAdministrator {
  readonly #options: WorkspaceAdministratorOptions;

  constructor(options: WorkspaceAdministratorOptions) {
    this.#options = options;
  }

  async list(): Promise<WorkspaceEntry[]> {
    const { browser, keys, stored } = this.#options;
    const [workspaces, allKeys, known] = await Promise.all([browser.list(), keys(), stored()]);
    const keyNames = new Map(allKeys.map((key) => [ownerOf(key), key]));
    const owners = new Map<string, Known>(known.map((one) => [browser.idOf(one), one]));
    for (const key of allKeys) owners.set(browser.ownId(ownerOf(key)), { owner: ownerOf(key) });
    return workspaces.map((workspace) => {
      const isSharedOut = workspace.kind === 'shared' || workspace.kind === 'named';
      const found = isSharedOut ? undefined : owners.get(workspace.id);
      const owner = workspace.kind === 'shared' ? localOwner : (found?.owner ?? null);
      const key = owner === null ? undefined : keyNames.get(owner);
      const { id, kind, files, bytes, truncated, lastUsedAt } = workspace;
      return {
        ...{ id, kind, files, bytes, truncated, owner },
        name: nameOf(workspace, found, key?.name),
        keyId: key?.id ?? null,
        keyName: key?.name ?? null,
        lastUsedAt: lastUsedAt === null ? null : Math.max(0, Math.round(lastUsedAt.getTime())),
      };
    });
  }

  async files(id: string, directory: string): Promise<{ items: WorkspaceFileEntry[]; truncated: boolean }> {
    const found = await telling(directory, () => this.#options.browser.listFiles(id, directory));
    if (found === undefined) throw noSuchWorkspace(id);
    const items = found.entries.map(({ name, path, kind, size, modifiedAt, mediaType }) => ({
      ...{ name, path, mediaType, type: kind, bytes: size },
      // An agent may set any time.
      modifiedAt: Math.max(0, Math.round(modifiedAt.getTime())),
    }));
    return { items, truncated: found.truncated };
  }

  async open(id: string, file: string): Promise<Opened> {
    const content = await telling(file, () => this.#options.browser.open(id, file));
    if (content === undefined) throw noSuchWorkspace(id);
    const { path: name, size: bytes, version, modifiedAt } = content;
    const mediaType = mediaTypeOfName(name);
    return { facts: { name, bytes, version, mediaType, modifiedAt: modifiedAt.getTime() }, content };
  }

  async archive(id: string): Promise<{ filename: string; content: Readable }> {
    const content = await telling(id, () => this.#options.browser.archive(id));
    if (content === undefined) throw noSuchWorkspace(id);
    return { filename: `${id}.zip`, content };
  }

  async removeFile(id: string, file: string, actor: Actor): Promise<void> {
    const { browser, audit } = this.#options;
    if (!(await telling(file, () => browser.removeFile(id, file)))) throw noSuchWorkspace(id);
    await audit.record(actor, 'workspace.file_deleted', id, { path: file });
  }

  async remove(id: string, actor: Actor): Promise<void> {
    const { browser, audit } = this.#options;
    const removed = await browser.remove(id);
    switch (removed) {
      case 'removed':
        return audit.record(actor, 'workspace.deleted', id);
      case 'not_found':
        throw noSuchWorkspace(id);
      case 'busy':
        throw new AccessError('conflict', 'A run is at work in this workspace; stop it or wait for its end.');
      case 'shared':
        throw new AccessError('conflict', 'The shared workspace holds all others, and stays.');
      default:
        removed satisfies never;
    }
  }
}

function nameOf({ id, kind, name }: BrowsedWorkspace, found: Known | undefined, keyName?: string): string {
  if (kind === 'shared') return 'shared';
  if (kind === 'key') return keyName ?? id;
  return name ?? found?.name ?? id;
}

/** What WorkspaceFileErrors say, in the console's words. */
async function telling<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof WorkspaceFileError ? refusal(error, path) : error;
  }
}

function refusal({ problem, message }: WorkspaceFileError, path: string): AccessError {
  switch (problem) {
    case 'not_found':
      return new AccessError('not_found', `There is no '${path}' that could be opened.`, { param: 'path' });
    case 'wrong_kind':
      return new AccessError('invalid', message, { param: 'path' });
    case 'too_large':
    case 'failed':
      return new AccessError('conflict', message);
    default:
      return problem satisfies never;
  }
}

function noSuchWorkspace(id: string): AccessError {
  return new AccessError('not_found', `There is no workspace '${id}'.`, { param: 'id' });
}
