import type { GeneratedAlways } from 'kysely';

/** What clients uploaded. */
export interface FilesTable {
  /** Where it stands in lists. */
  id: GeneratedAlways<number>;
  file_id: string;
  owner: string;
  purpose: string;
  bytes: number;
  /** Of the content, hexadecimal; by it the content is found. */
  sha256: string;
  created_at: number;
  expires_at: number | null;
  media_type: string;
  filename: string;
}

/** A workspace as one owner sees it. */
export interface ContainersTable {
  id: GeneratedAlways<number>;
  container_id: string;
  owner: string;
  workspace_id: string;
  created_at: number;
  last_active_at: number;
  /** After it was last active; null: never. */
  expires_after_minutes: number | null;
  name: string;
}

/** Each row is one state of one file. */
export interface ContainerFilesTable {
  id: GeneratedAlways<number>;
  file_id: string;
  container_id: string;
  owner: string;
  source: 'assistant' | 'user';
  bytes: number;
  sha256: string;
  created_at: number;
  /** When its path got other content, or none; null: it is what is there, as far as is known. */
  superseded_at: number | null;
  /** The turn that made it. */
  run_id: string | null;
  media_type: string;
  path: string;
}

export interface ConversationWorkspacesTable {
  owner: string;
  /** What a conversation is found by. */
  mark: string;
  updated_at: number;
  workspace_id: string;
}
