import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RecordDetail } from '../../contract/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type { KeptRecord } from './ports.ts';
import { RecordBuffer, type RecordBufferOptions } from './record-buffer.ts';

const logger = pino({ level: 'silent' });
const detail: RecordDetail = {
  ...{ level: 'full', requestHeaders: null, responseHeaders: null, request: 'x', response: null },
  ...{ timeline: [], truncated: false },
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A database that fails while it is told to, and for records that it cannot take. */
class FakeStore {
  readonly batches: (readonly KeptRecord[])[] = [];
  isDown = false;
  bad = new Set<string>();
  /** Writes that are under way, where they are held up. */
  readonly held: (() => void)[] = [];
  isHeld = false;

  async write(batch: readonly KeptRecord[]): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.isDown) throw new Error('the database is down');
    if (batch.some(({ record }) => this.bad.has(record.id))) throw new Error('a bad record');
    this.batches.push(batch);
  }

  get ids(): string[] {
    return this.batches.flatMap((batch) => batch.map(({ record }) => record.id));
  }
}

function open(options: Partial<RecordBufferOptions> = {}) {
  const store = new FakeStore();
  const buffer = new RecordBuffer({ store, logger, ...options });
  const add = (...ids: string[]): void => {
    for (const id of ids) buffer.add({ record: sampleRecord({ id }) });
  };
  const addWithDetail = (id: string, bytes: number): void =>
    buffer.add({ record: sampleRecord({ id }), detail }, bytes);
  return { store, buffer, add, addWithDetail };
}

describe('a database that keeps up', () => {
  test('gets what was gathered for a while in one batch', async () => {
    const { store, buffer, add } = open();
    add('1', '2');
    await vi.advanceTimersByTimeAsync(249);
    expect(store.batches).toEqual([]);
    expect(buffer.status()).toMatchObject({ waiting: 2, written: 0 });
    await vi.advanceTimersByTimeAsync(1);
    expect(store.batches.map((batch) => batch.length)).toEqual([2]);
    expect(buffer.status()).toEqual({
      waiting: 0,
      written: 2,
      dropped: 0,
      droppedDetails: 0,
      lastError: null,
    });
  });

  test('gets a full batch at once, and no two at a time', async () => {
    const { store, buffer, add } = open({ batchRows: 2 });
    store.isHeld = true;
    add('1', '2', '3', '4', '5');
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.held).toHaveLength(1);
    expect(buffer.status()).toMatchObject({ waiting: 5 });
    store.isHeld = false;
    store.held[0]?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(store.ids).toEqual(['1', '2', '3', '4', '5']);
  });

  test('gets large details in smaller batches', async () => {
    const { store, addWithDetail } = open({ batchBytes: 100 });
    for (const id of ['1', '2', '3']) addWithDetail(id, 60);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
  });
});

describe('a database that fails', () => {
  test('is tried again until it is back, and nothing is lost or written twice', async () => {
    const { store, buffer, add } = open({ batchRows: 4 });
    store.isDown = true;
    add('1', '2', '3', '4', '5');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(buffer.status()).toMatchObject({ waiting: 5, written: 0, lastError: 'the database is down' });
    store.isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.ids.toSorted()).toEqual(['1', '2', '3', '4', '5']);
    expect(buffer.status()).toMatchObject({ waiting: 0, written: 5, dropped: 0 });
  });

  test('is asked less and less often', async () => {
    const { store, add } = open({ retryMs: 100, mostRetryMs: 1000 });
    store.isDown = true;
    const write = vi.spyOn(store, 'write');
    add('1');
    await vi.advanceTimersByTimeAsync(250 + 100 + 200 + 400 + 800);
    expect(write).toHaveBeenCalledTimes(5);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(write).toHaveBeenCalledTimes(15);
  });

  test('does not lose the others for one record that it cannot take', async () => {
    const { store, buffer, add } = open({ batchRows: 8 });
    store.bad.add('3');
    add('1', '2', '3', '4', '5', '6', '7', '8');
    for (let later = 9; later < 60; later++) {
      await vi.advanceTimersByTimeAsync(5_000);
      add(String(later));
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.ids).toHaveLength(58);
    expect(buffer.status()).toMatchObject({ waiting: 0, dropped: 1 });
  });
});

describe('a full buffer', () => {
  test('drops the oldest details before any row', async () => {
    const { store, buffer, addWithDetail } = open({ mostBytes: 100 });
    for (const id of ['1', '2', '3']) addWithDetail(id, 50);
    expect(buffer.status()).toMatchObject({ waiting: 3, dropped: 0, droppedDetails: 1 });
    await vi.advanceTimersByTimeAsync(1000);
    const kept = store.batches.flat().map(({ record, detail: body }) => [record.id, body !== undefined]);
    expect(kept).toEqual([
      ['1', false],
      ['2', true],
      ['3', true],
    ]);
  });

  test('drops the oldest rows then, and counts them', async () => {
    const { store, buffer, add } = open({ mostRows: 2 });
    store.isDown = true;
    add('1', '2', '3', '4');
    expect(buffer.status()).toMatchObject({ waiting: 2, dropped: 2 });
    store.isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.ids).toEqual(['3', '4']);
  });

  test('keeps to its bound also when a batch comes back', async () => {
    const { store, buffer, add } = open({ mostRows: 3, batchRows: 2 });
    store.isHeld = true;
    store.isDown = true;
    add('1', '2');
    add('3', '4', '5');
    store.held[0]?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(buffer.status()).toMatchObject({ waiting: 3, dropped: 2 });
  });
});

describe('the end', () => {
  test('writes what is left', async () => {
    const { store, buffer, add } = open();
    add('1', '2');
    await buffer[Symbol.asyncDispose]();
    expect(store.ids).toEqual(['1', '2']);
    add('3');
    expect(buffer.status()).toMatchObject({ waiting: 0, written: 2, dropped: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tries again for a while', async () => {
    const { store, buffer, add } = open();
    store.isDown = true;
    add('1');
    await vi.advanceTimersByTimeAsync(20_000);
    const closed = buffer[Symbol.asyncDispose]();
    store.isDown = false;
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
    expect(store.ids).toEqual(['1']);
  });

  test('does not wait for ever', async () => {
    const { store, buffer, add } = open({ closeMs: 100 });
    store.isHeld = true;
    add('1');
    await vi.advanceTimersByTimeAsync(250);
    add('2');
    const closed = buffer[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(100);
    await closed;
    expect(buffer.status()).toMatchObject({ dropped: 1 });
  });
});
