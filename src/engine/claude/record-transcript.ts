import { randomUUID } from 'node:crypto';
import type { SessionStore } from '@anthropic-ai/claude-agent-sdk';
import type { TranscriptEntry, TranscriptPoint, TranscriptStore } from '../ports.ts';

/** Where transcripts go. */
export type RecordedTranscripts = Pick<TranscriptStore, 'createSession' | 'appendEntries'>;

/** What a session starts from. */
export interface TranscriptOrigin {
  readonly owner: string;
  /** The point of an older session that it goes on from. */
  readonly parent?: TranscriptPoint;
  /** The entries up to that point. */
  readonly inherited: readonly TranscriptEntry[];
  /** Entries written from the client's messages, after the inherited ones. */
  readonly synthesised: readonly TranscriptEntry[];
}

/** Mirrors one process's transcript into the store, in order, and tells when an entry has arrived there. */
export class TranscriptRecorder {
  readonly sessionId = randomUUID();
  readonly #store: RecordedTranscripts;
  readonly #origin: TranscriptOrigin;
  readonly #written = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  #last: Promise<void>;

  constructor(store: RecordedTranscripts, origin: TranscriptOrigin) {
    this.#store = store;
    this.#origin = origin;
    this.#last = this.#begin();
    // Whoever appends next is told of the failure.
    this.#last.catch(() => {});
  }

  /** True where there is something to resume from. */
  get resumes(): boolean {
    return this.#origin.inherited.length + this.#origin.synthesised.length > 0;
  }

  /** What the SDK is given as `sessionStore`. Subagents' own transcripts are not needed to go on, and not kept. */
  sessionStore(): SessionStore {
    return {
      append: async ({ subpath }, entries) => {
        if (subpath === undefined) await this.#append(entries);
      },
      load: async ({ subpath }) => {
        if (subpath !== undefined || !this.resumes) return null;
        const entries = [...this.#origin.inherited, ...this.#origin.synthesised];
        return this.#own(entries);
      },
      listSubkeys: async () => [],
    };
  }

  /** True once the entry is in the store; false if it has not come within the given time. */
  async recorded(entryUuid: string, milliseconds: number): Promise<boolean> {
    if (this.#written.has(entryUuid)) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(entryUuid);
        resolve(false);
      }, milliseconds);
      this.#waiting.set(entryUuid, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** Resolves when everything handed over so far is in the store (or could not be written). */
  async flushed(): Promise<void> {
    await this.#last.catch(() => {});
  }

  async #begin(): Promise<void> {
    const { owner, parent, synthesised } = this.#origin;
    await this.#store.createSession({
      id: this.sessionId,
      owner,
      ...(parent === undefined ? {} : { parent }),
    });
    if (synthesised.length > 0) await this.#store.appendEntries(this.sessionId, this.#own(synthesised));
  }

  /** Claude Code gives its sessions ids of its own; in the store an entry names the session that it stands in. */
  #own(entries: readonly TranscriptEntry[]): TranscriptEntry[] {
    return entries.map((entry) => ({ ...entry, sessionId: this.sessionId }));
  }

  async #append(entries: readonly TranscriptEntry[]): Promise<void> {
    const write = this.#last.then(() => this.#store.appendEntries(this.sessionId, this.#own(entries)));
    this.#last = write;
    await write;
    for (const { uuid } of entries) {
      if (uuid === undefined) continue;
      this.#written.add(uuid);
      this.#waiting.get(uuid)?.();
      this.#waiting.delete(uuid);
    }
  }
}
