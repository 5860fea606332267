import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { StorageError } from '../storage-error.ts';
import {
  firstOfConversation,
  firstOfResponse,
  type ItemBounds,
  type LastItems,
  lastOfChain,
  lastOfConversation,
} from './said-items.ts';

/** A conversation, or a chain of responses by its last one. Times are milliseconds since 1970. */
export interface OverviewEntry {
  readonly id: string;
  readonly kind: 'conversation' | 'responses';
  readonly owner: string;
  readonly createdAt: number;
  /** When it was last changed; of a chain, when its last response was asked for. */
  readonly updatedAt: number;
  /** Of the last response. */
  readonly model: string | null;
}

export interface OverviewPage {
  readonly entries: readonly OverviewEntry[];
  readonly hasMore: boolean;
}

type Kind = OverviewEntry['kind'];

/** Of what was changed at the same time, conversations come first; then it goes by the database's order of ids. */
interface Position {
  readonly at: number;
  readonly kind: Kind;
  readonly id: string;
}

/** Deeper chains are told as if they began there. */
const mostDepth = 1000;

/** What is stored of conversations, whoever's they are: for the server's operators. */
export class ConversationOverview {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /**
   * One page, those changed last first.
   * @throws {StorageError} `bad_cursor` where it is none of ours: see `cursorOf`.
   */
  async list({
    owner,
    cursor,
    limit,
  }: {
    readonly owner?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<OverviewPage> {
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    const page = { owner, before, limit: limit + 1 };
    const found = (await Promise.all([this.#conversations(page), this.#chains(page)])).flat();
    found.sort((one, other) => other.updatedAt - one.updatedAt);
    const entries = await Promise.all(found.slice(0, limit).map((entry) => this.#complete(entry)));
    return { entries, hasMore: found.length > limit };
  }

  /** Null where there is no conversation of this id, nor a response that belongs to none. */
  async find(id: string): Promise<OverviewEntry | null> {
    const [conversation] = await this.#selectConversations().where('id', '=', id).execute();
    if (conversation !== undefined) return this.#complete(toEntry('conversation', conversation));
    const [response] = await this.#selectResponses().where('id', '=', id).execute();
    return response === undefined ? null : this.#complete(toEntry('responses', response));
  }

  /** The beginnings of the first bodies, as JSON that may be cut off. */
  async beginning({ id, kind }: Pick<OverviewEntry, 'id' | 'kind'>): Promise<string[]> {
    if (kind === 'conversation') return firstOfConversation(this.#db, id);
    const first = (await this.#chain(id)).at(-1);
    return first === undefined ? [] : firstOfResponse(this.#db, first.id);
  }

  lastItems({ id, kind }: Pick<OverviewEntry, 'id' | 'kind'>, bounds: ItemBounds): Promise<LastItems> {
    return kind === 'conversation'
      ? lastOfConversation(this.#db, id, bounds)
      : lastOfChain(this.#db, id, bounds);
  }

  /** The responses of a conversation; of a chain those that nothing else continues, the last one first. */
  async responsesOf({ id, kind }: Pick<OverviewEntry, 'id' | 'kind'>): Promise<string[]> {
    if (kind === 'conversation') {
      const rows = await this.#db
        .selectFrom('responses')
        .select('id')
        .where('conversation_id', '=', id)
        .where('deleted_at', 'is', null)
        .execute();
      return rows.map((row) => row.id);
    }
    const chain = await this.#chain(id);
    const ids: string[] = [];
    for (const response of chain) {
      if (response.continued > (ids.length === 0 ? 0 : 1)) break;
      ids.push(response.id);
    }
    return ids;
  }

  async #conversations({ owner, before, limit }: Page): Promise<Row[]> {
    let query = this.#selectConversations();
    if (before !== undefined) query = query.where(isAfter(before, 'conversation'));
    const rows = await query
      .$if(owner !== undefined, (all) => all.where('owner', '=', owner ?? ''))
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => toEntry('conversation', row));
  }

  async #chains({ owner, before, limit }: Page): Promise<Row[]> {
    let query = this.#selectResponses();
    if (before !== undefined) query = query.where(isAfter(before, 'responses'));
    const rows = await query
      .$if(owner !== undefined, (all) => all.where('owner', '=', owner ?? ''))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('responses as child')
              .select('child.id')
              .whereRef('child.previous_response_id', '=', 'responses.id')
              .where('child.deleted_at', 'is', null),
          ),
        ),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => toEntry('responses', row));
  }

  #selectConversations() {
    return this.#db.selectFrom('conversations').select(['id', 'owner', 'created_at', 'updated_at']);
  }

  /** Those of a conversation are part of that. */
  #selectResponses() {
    return this.#db
      .selectFrom('responses')
      .select(['id', 'owner', 'created_at', 'created_at as updated_at'])
      .where('conversation_id', 'is', null)
      .where('deleted_at', 'is', null);
  }

  async #complete(row: Row): Promise<OverviewEntry> {
    const { id, kind } = row;
    const model = await this.#modelOf(row);
    if (kind === 'conversation') return { ...row, model };
    const first = (await this.#chain(id)).at(-1);
    return { ...row, createdAt: first?.createdAt ?? row.createdAt, model };
  }

  async #modelOf({ id, kind }: Row): Promise<string | null> {
    // PostgreSQL reads no JSON in which a text anywhere has NUL, or half a surrogate pair, as `\u0000`. With a slash
    // that is no escape any more, and after another backslash it is one that JSON knows.
    const model =
      this.#kind === 'sqlite'
        ? sql<string | null>`json_extract(response, '$.model')`
        : sql<string | null>`replace(response, '\\u', '/u')::json ->> 'model'`;
    const row = await this.#db
      .selectFrom('responses')
      .select(model.as('model'))
      .$if(kind === 'responses', (query) => query.where('id', '=', id))
      .$if(kind === 'conversation', (query) =>
        query.where('conversation_id', '=', id).where('deleted_at', 'is', null),
      )
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.model ?? null;
  }

  /** From the response backwards to the first; by how many others each is continued. */
  async #chain(id: string): Promise<{ id: string; createdAt: number; continued: number }[]> {
    const rows = await this.#db
      .withRecursive('chain', (query) =>
        query
          .selectFrom('responses')
          .where('responses.id', '=', id)
          .select([
            'responses.id',
            'responses.previous_response_id',
            'responses.created_at',
            sql<number>`0`.as('depth'),
          ])
          .unionAll(
            query
              .selectFrom('chain')
              .innerJoin('responses', 'responses.id', 'chain.previous_response_id')
              .where('chain.depth', '<', mostDepth)
              .select([
                'responses.id',
                'responses.previous_response_id',
                'responses.created_at',
                sql<number>`chain.depth + 1`.as('depth'),
              ]),
          ),
      )
      .selectFrom('chain')
      .select(({ selectFrom, fn }) => [
        'chain.id',
        'chain.created_at',
        selectFrom('responses as child')
          .select(fn.countAll<number | string>().as('count'))
          .whereRef('child.previous_response_id', '=', 'chain.id')
          .where('child.deleted_at', 'is', null)
          .as('continued'),
      ])
      .orderBy('chain.depth')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      continued: Number(row.continued ?? 0),
    }));
  }
}

interface Page {
  readonly owner: string | undefined;
  readonly before: Position | undefined;
  readonly limit: number;
}

type Row = Omit<OverviewEntry, 'model'>;

function toEntry(
  kind: Kind,
  row: { id: string; owner: string; created_at: number; updated_at: number },
): Row {
  return { id: row.id, kind, owner: row.owner, createdAt: row.created_at, updatedAt: row.updated_at };
}

/** Whether a row of this kind comes after the position in the list. */
function isAfter(position: Position, kind: Kind): RawBuilder<boolean> {
  const { at, id } = position;
  const time = sql.ref(kind === 'responses' ? 'created_at' : 'updated_at');
  if (position.kind === kind) return sql<boolean>`(${time}, id) < (${at}, ${id})`;
  return kind === 'responses' ? sql<boolean>`${time} <= ${at}` : sql<boolean>`${time} < ${at}`;
}

/** Where the page after this entry begins. */
export function cursorOf({ updatedAt, kind, id }: Pick<OverviewEntry, 'updatedAt' | 'kind' | 'id'>): string {
  return `${updatedAt}.${kind === 'conversation' ? 'c' : 'r'}.${id}`;
}

function fromCursor(cursor: string): Position {
  const [, at, kind, id] = /^(\d{1,15})\.([cr])\.([\w-]{1,200})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined)
    throw new StorageError('bad_cursor', 'The cursor is none that this server gave out');
  return { at: Number(at), kind: kind === 'c' ? 'conversation' : 'responses', id };
}
