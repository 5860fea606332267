import { Readable } from 'node:stream';
import { AccessError, type Actor } from '../../access/index.ts';
import type { ConversationEntry, WorkspaceEntry } from '../../contract/index.ts';
import type { ConversationAdministration, WorkspaceAdministration } from '../console/browsing-services.ts';

type Note = (what: string, actor: Actor) => void;

/** One workspace, `shared`, with one file; `own` can be deleted. */
export function createFakeWorkspaces(note: Note): WorkspaceAdministration {
  const find = (id: string, path?: string): void => {
    if (id !== 'shared' || (path !== undefined && path !== 'a.txt'))
      throw new AccessError('not_found', 'There is no such workspace or file.');
  };
  return {
    list: async () => [shared],
    async files(id) {
      find(id);
      const file = { name: 'a.txt', path: 'a.txt', bytes: text.length, mediaType: 'text/plain' } as const;
      return { items: [{ ...file, type: 'file', modifiedAt: 1 }], truncated: false };
    },
    async open(id, path) {
      find(id, path);
      const facts = { name: path, bytes: text.length, mediaType: 'text/plain', version: 'v1', modifiedAt: 1 };
      return {
        facts,
        content: {
          stream: ({ start, end }) => Readable.from([Buffer.from(text.slice(start, end + 1))]),
          [Symbol.asyncDispose]: async () => {},
        },
      };
    },
    async archive(id) {
      find(id);
      return { filename: 'shared.zip', content: Readable.from([Buffer.from('PK')]) };
    },
    async removeFile(id, path, actor) {
      find(id, path);
      note(`delete ${path} of ${id}`, actor);
    },
    async remove(id, actor) {
      if (id === 'busy') throw new AccessError('conflict', 'A run is at work there.');
      if (id !== 'own') throw new AccessError('not_found', 'There is no such workspace.');
      note(`delete ${id}`, actor);
    },
  };
}

/** One conversation, `conv_1`. */
export function createFakeConversations(note: Note): ConversationAdministration {
  const find = (id: string): void => {
    if (id !== 'conv_1') throw new AccessError('not_found', `There is no conversation '${id}'.`);
  };
  return {
    list: async () => ({ items: [conversation], nextCursor: null }),
    async get(id) {
      find(id);
      return { conversation, items: [{ type: 'message' }], truncated: false };
    },
    async remove(id, actor) {
      find(id);
      note(`delete ${id}`, actor);
    },
  };
}

const text = '0123456789';

const shared: WorkspaceEntry = {
  id: 'shared',
  kind: 'shared',
  name: 'shared',
  owner: 'local',
  keyId: null,
  keyName: null,
  files: 1,
  bytes: text.length,
  truncated: false,
  lastUsedAt: 1,
};

const conversation: ConversationEntry = {
  id: 'conv_1',
  kind: 'conversation',
  title: 'Hello',
  owner: 'local',
  keyId: null,
  keyName: null,
  model: 'sonnet',
  createdAt: 1,
  updatedAt: 1,
};
