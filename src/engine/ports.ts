import type { Fingerprint } from '../turn/index.ts';

/**
 * Where the engine keeps what its agents remember. A session is one process's life and has that process as its
 * only writer; a process that takes up an older conversation starts a session whose parent is a point in the
 * old one. So entries are only ever added, and a conversation may branch anywhere.
 */
export interface TranscriptStore {
  /** Announces a session before its first entry. */
  createSession(session: TranscriptSession): Promise<void>;
  /** Adds entries in order; an entry whose uuid the session already has is left as it is. */
  appendEntries(sessionId: string, entries: readonly TranscriptEntry[]): Promise<void>;
  /** The entries up to and including the point, those of parent sessions first; null where there is no such point for the owner. */
  loadEntries(owner: string, point: TranscriptPoint): Promise<TranscriptEntry[] | null>;
  /** Remembers that the owner's conversation with this fingerprint stands at this point; a later point for the same replaces it. */
  savePoint(owner: string, fingerprint: Fingerprint, point: TranscriptPoint): Promise<void>;
  /** The point of the first of these fingerprints that has one. */
  findPoint(owner: string, fingerprints: readonly Fingerprint[]): Promise<FoundPoint | null>;
  /** Forgets sessions (and their points) that nothing was added to since the given time, unless a kept session descends from them. Returns how many. */
  deleteSessionsIdleSince(time: Date): Promise<number>;
}

/**
 * Which workspace conversations have that have one of their own. A mark names a conversation: its fingerprint up to an
 * answer, a turn of it, or the id by which the server keeps it.
 */
export interface ConversationWorkspaceStore {
  /** The workspace of the first of these marks that has one. */
  find(owner: string, marks: readonly string[]): Promise<string | null>;
  /** Remembers the workspace of these marks; a later one for the same mark replaces it. */
  save(owner: string, marks: readonly string[], workspaceId: string): Promise<void>;
  /** Forgets marks that were not saved since the given time. Returns how many. */
  deleteIdleSince(time: Date): Promise<number>;
}

export interface TranscriptSession {
  /** A UUID. */
  readonly id: string;
  readonly owner: string;
  readonly parent?: TranscriptPoint;
}

export interface TranscriptPoint {
  readonly sessionId: string;
  /** The last entry that belongs to it. */
  readonly entryUuid: string;
}

export interface FoundPoint extends TranscriptPoint {
  readonly fingerprint: Fingerprint;
}

/** One line of Claude Code's transcript, opaque but for what is named here (a few bookkeeping kinds have no uuid). */
export interface TranscriptEntry {
  readonly type: string;
  readonly uuid?: string;
  /** The session that it was added to. */
  readonly sessionId?: string;
  readonly [key: string]: unknown;
}
