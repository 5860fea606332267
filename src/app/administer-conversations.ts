import { AccessError, type Actor, type AuditLog, ownerOf } from '../access/index.ts';
import type { ApiKeyWithUsage, ConversationEntry } from '../contract/index.ts';
import {
  type ConversationOverview,
  type ConversationStore,
  cursorOf,
  type OverviewEntry,
  type ResponseStore,
} from '../storage/index.ts';
import type { Json } from '../turn/index.ts';
import { titleOf } from './title-of.ts';

export interface ConversationAdministratorOptions {
  readonly overview: Pick<ConversationOverview, 'list' | 'find' | 'beginning' | 'lastItems' | 'responsesOf'>;
  readonly conversations: Pick<ConversationStore, 'delete'>;
  readonly responses: Pick<ResponseStore, 'delete'>;
  readonly keys: () => Promise<readonly Pick<ApiKeyWithUsage, 'id' | 'name'>[]>;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** Of one conversation that is shown. */
const bounds = { limit: 500, maxBytes: 2 * 1024 * 1024 };
/** A search that finds little stops after so many conversations; its cursor goes on from there. */
const mostSearched = 1000;
const searchStep = 100;

/** The stored conversations of all owners, as the console shows them; what it deletes is audited. */
export class ConversationAdministrator {
  readonly #options: ConversationAdministratorOptions;

  constructor(options: ConversationAdministratorOptions) {
    this.#options = options;
  }

  async list({
    key,
    text,
    cursor,
    limit,
  }: {
    readonly key?: string | undefined;
    readonly text?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<{ items: ConversationEntry[]; nextCursor: string | null }> {
    const { overview } = this.#options;
    const keyNames = await this.#keyNames();
    // An owner is a key's id, or `local`.
    const wanted = text?.toLowerCase();
    const items: ConversationEntry[] = [];
    let from = cursor;
    for (let searched = 0; ; ) {
      const step = wanted === undefined ? limit : searchStep;
      const { entries, hasMore } = await overview.list({ owner: key, cursor: from, limit: step });
      const described = await Promise.all(entries.map((entry) => this.#describe(entry, keyNames)));
      for (const [index, entry] of described.entries()) {
        if (wanted !== undefined && !entry.title.toLowerCase().includes(wanted)) continue;
        items.push(entry);
        const isLast = index === described.length - 1 && !hasMore;
        if (items.length === limit) return { items, nextCursor: isLast ? null : cursorOf(entry) };
      }
      const last = entries.at(-1);
      if (!hasMore || last === undefined) return { items, nextCursor: null };
      from = cursorOf(last);
      searched += entries.length;
      if (searched >= mostSearched) return { items, nextCursor: from };
    }
  }

  async get(id: string): Promise<{ conversation: ConversationEntry; items: Json[]; truncated: boolean }> {
    const { overview } = this.#options;
    const entry = await this.#find(id);
    const [conversation, { items, truncated }] = await Promise.all([
      this.#keyNames().then((keyNames) => this.#describe(entry, keyNames)),
      overview.lastItems(entry, bounds),
    ]);
    return { conversation, items: items.map(({ body }) => body), truncated };
  }

  /** A run of a response that is deleted is stopped. */
  async remove(id: string, actor: Actor): Promise<void> {
    const { overview, conversations, responses, audit } = this.#options;
    const entry = await this.#find(id);
    const { owner, kind } = entry;
    const deleted = await overview.responsesOf(entry);
    for (const response of deleted) await responses.delete(owner, response);
    if (kind === 'conversation') await conversations.delete(owner, id);
    await audit.record(actor, 'conversation.deleted', id, { owner, responses: deleted.length });
  }

  async #find(id: string): Promise<OverviewEntry> {
    const entry = await this.#options.overview.find(id);
    if (entry !== null) return entry;
    throw new AccessError('not_found', `There is no conversation '${id}'.`, { param: 'id' });
  }

  async #describe(entry: OverviewEntry, keyNames: ReadonlyMap<string, Key>): Promise<ConversationEntry> {
    const key = keyNames.get(entry.owner);
    const title = titleOf(await this.#options.overview.beginning(entry));
    return { ...entry, title, keyId: key?.id ?? null, keyName: key?.name ?? null };
  }

  /** By owner. */
  async #keyNames(): Promise<ReadonlyMap<string, Key>> {
    return new Map((await this.#options.keys()).map((key) => [ownerOf(key), key]));
  }
}

type Key = Pick<ApiKeyWithUsage, 'id' | 'name'>;
