import { afterEach, beforeEach } from 'vitest';
import { ConversationStore } from '../conversations/conversation-store.ts';
import type { StoredItem } from '../items/stored-items.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { ResponseStore } from '../responses/response-store.ts';
import type { NewResponse, ResponseEnd, ResponseEvent } from '../responses/stored-response.ts';
import type { Schema } from '../schema.ts';

/** An empty database. */
interface Place extends AsyncDisposable {
  readonly url: string;
}

interface TestServer {
  readonly database: Database;
  readonly responses: ResponseStore;
  readonly conversations: ConversationStore;
}

/** A new database for each test, opened by two servers; both have the clock of the test. */
export class TwoServers {
  now = 1_000_000;
  #first: TestServer | undefined;
  #second: TestServer | undefined;

  constructor(create: () => Promise<Place>) {
    let place: Place;
    beforeEach(async () => {
      place = await create();
      this.now = 1_000_000;
      this.#first = await this.#open(place.url);
      this.#second = await this.#open(place.url);
    });
    afterEach(async () => {
      await this.#first?.database[Symbol.asyncDispose]();
      await this.#second?.database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });
  }

  get database(): Database {
    return present(this.#first).database;
  }

  get responses(): ResponseStore {
    return present(this.#first).responses;
  }

  get conversations(): ConversationStore {
    return present(this.#first).conversations;
  }

  get elsewhere(): TestServer {
    return present(this.#second);
  }

  /** How many rows a table has. */
  async count(table: keyof Schema): Promise<number> {
    const { rows } = await this.database.kysely
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    return rows;
  }

  /** A response of Ann's that has completed, with an input item `<id> in` and an output item `<id> out`. */
  async completed(id: string, more: Partial<Pick<NewResponse, 'previousResponseId' | 'createdAt'>> = {}) {
    await this.responses.create(newResponse(id, more), items(`${id} in`));
    await this.responses.finish(id, ended({ output: items(`${id} out`) }));
  }

  /** A response of Ann's that waits for a worker. */
  async queued(id: string, createdAt = this.now): Promise<void> {
    await this.responses.create(
      { ...newResponse(id), createdAt, status: 'queued', background: true },
      items(`${id} in`),
    );
  }

  async #open(url: string): Promise<TestServer> {
    const database = await openDatabase(url);
    const now = () => this.now;
    return {
      database,
      responses: new ResponseStore(database, now),
      conversations: new ConversationStore(database, now),
    };
  }
}

function present(server: TestServer | undefined): TestServer {
  if (server === undefined) throw new Error('only within a test');
  return server;
}

/** A response of Ann's that runs with its request. */
export function newResponse(id: string, more: Partial<Omit<NewResponse, 'status' | 'lease'>> = {}) {
  return {
    id,
    owner: 'ann',
    createdAt: 1_000_000,
    request: { model: 'agent', asked: id },
    response: { id, status: 'in_progress' },
    ...more,
    status: 'in_progress',
    background: false,
  } as const;
}

export function ended(more: Partial<ResponseEnd> = {}): ResponseEnd {
  return { status: 'completed', completedAt: 2_000_000, response: { done: true }, output: [], ...more };
}

export function items(...ids: readonly string[]): StoredItem[] {
  return ids.map((id) => ({ id, body: { id, type: 'message', content: `says ${id}` } }));
}

export function events(...sequences: readonly number[]): ResponseEvent[] {
  return sequences.map((sequence) => ({ sequence, body: { type: 'event', sequence_number: sequence } }));
}

export function ids(list: readonly { readonly id: string }[] | null | undefined): string[] | undefined {
  return list?.map(({ id }) => id);
}
