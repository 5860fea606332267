import type { RecordFilter, StatsQuery } from '../../src/contract/index.ts';
import type { RecordStore } from '../../src/storage/index.ts';
import { end, retiredKey, syntheticRecord, yearMs } from './synthetic.ts';

export interface Read {
  readonly name: string;
  readonly run: (store: RecordStore) => Promise<unknown>;
}

const hour = 3_600_000;

/** All that the console asks, in its usual and in its worst forms. */
export function readsOf(rows: number): Read[] {
  const middle = syntheticRecord(Math.floor(rows / 2), rows);
  const conversation = `conv_${Math.floor(rows / 80)}`;
  const filters: Readonly<Record<string, RecordFilter>> = {
    'first page': {},
    'a day half a year ago': { from: middle.startedAt, to: middle.startedAt + 24 * hour },
    'status ok': { status: 'ok' },
    'status error': { status: 'error' },
    'status 429': { status: 429 },
    'status 418, which never was': { status: 418 },
    'status 302, which never was': { status: 302 },
    'endpoint, frequent': { endpoint: ['/v1/chat/completions'] },
    'endpoint, unknown': { endpoint: ['/v1/none'] },
    'key, frequent': { key: ['key_0'] },
    'key, rare': { key: ['key_rare'] },
    'key, busy until 9 months ago': { key: [retiredKey] },
    '10 keys': { key: Array.from({ length: 10 }, (_, index) => `key_${index * 5}`) },
    '50 keys': { key: Array.from({ length: 50 }, (_, index) => `key_${index}`) },
    model: { model: ['claude-model-8'] },
    profile: { profile: ['profile-9'] },
    conversation: { conversation },
    'duration over 100 s': { minDurationMs: 100_000 },
    'duration over an hour (never)': { minDurationMs: 3_600_000 },
    'cost over $ 0.08': { minCostUsd: 0.08 },
    'cost over $ 50 (never)': { minCostUsd: 50 },
    'key and model': { key: ['key_49'], model: ['claude-model-8'] },
    'retired key and error': { key: [retiredKey], status: 'error' },
    '10 keys, model, error': {
      key: Array.from({ length: 10 }, (_, index) => `key_${index * 5}`),
      model: ['opus'],
      status: 'error',
    },
    'key and status that never was': { key: ['key_0'], status: 302 },
    'text, frequent': { text: 'somebody 1' },
    'text, rare': { text: 'NEEDLE' },
    'text, nowhere, in a busy key': { text: 'nowhere', key: ['key_0'] },
    'text, nowhere, in 50 keys': {
      text: 'nowhere',
      key: Array.from({ length: 50 }, (_, index) => `key_${index}`),
    },
    'text beyond ASCII, nowhere': { text: 'Übermut' },
  };
  const lists = Object.entries(filters).map(([name, filter]) => ({
    name: `list: ${name}`,
    run: (store: RecordStore) => store.list(filter, { limit: 50 }),
  }));
  const deep = (name: string, filter: RecordFilter) => ({
    name: `list: ${name}`,
    run: (store: RecordStore) => store.list(filter, { limit: 50, cursor: `${end - yearMs * 0.9}.1` }),
  });
  const detailed = syntheticRecord(Math.floor(rows / 100) * 50, rows).id;
  return [
    ...lists,
    deep('deep by cursor', {}),
    deep('deep by cursor, key', { key: ['key_0'] }),
    deep('deep by cursor, text nowhere', { text: 'nowhere' }),
    { name: 'get', run: (store) => store.get(middle.id) },
    { name: 'detail', run: (store) => store.detail(detailed) },
    { name: 'stored status', run: (store) => store.storedStatus() },
    ...statsReads(),
  ];
}

function statsReads(): Read[] {
  const ranges = {
    '1 h': hour,
    '24 h': 24 * hour,
    '14 d': 14 * 24 * hour,
    '30 d': 30 * 24 * hour,
    '1 year': yearMs,
  };
  return Object.entries(ranges).flatMap(([name, range]) =>
    (['total', 'model', 'key', 'endpoint'] as const).map((by): Read => {
      const query: StatsQuery = { from: end - range, to: end, by };
      return { name: `stats: ${name} by ${by}`, run: (store) => store.stats(query) };
    }),
  );
}
