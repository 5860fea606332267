import type { Readable } from 'node:stream';
import type { Actor } from '../../access/index.ts';
import type { ConversationEntry, WorkspaceEntry, WorkspaceFileEntry } from '../../contract/index.ts';
import type { Json } from '../../turn/index.ts';
import type { ContentFacts, OpenContent } from '../files/send-content.ts';

/** Workspaces of all owners. Refusals are thrown as AccessErrors. */
export interface WorkspaceAdministration {
  list(): Promise<WorkspaceEntry[]>;
  files(id: string, directory: string): Promise<{ items: WorkspaceFileEntry[]; truncated: boolean }>;
  open(id: string, file: string): Promise<{ readonly facts: ContentFacts; readonly content: OpenContent }>;
  archive(id: string): Promise<{ readonly filename: string; readonly content: Readable }>;
  removeFile(id: string, file: string, actor: Actor): Promise<void>;
  remove(id: string, actor: Actor): Promise<void>;
}

/** Stored conversations of all owners. Refusals are thrown as AccessErrors. */
export interface ConversationAdministration {
  list(query: {
    readonly key?: string | undefined;
    readonly text?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<{ items: ConversationEntry[]; nextCursor: string | null }>;
  get(id: string): Promise<{ conversation: ConversationEntry; items: Json[]; truncated: boolean }>;
  remove(id: string, actor: Actor): Promise<void>;
}
