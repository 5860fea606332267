// Fills a database with synthetic records and measures what the console asks of it, and how long a batch takes to
// write. Figures are medians; a read or write that takes 100 ms or more fails the run.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type CompiledQuery, sql } from 'kysely';
import { openDatabase, RecordStore } from '../src/storage/index.ts';
import type { Database } from '../src/storage/open-database.ts';
import { watchQueries } from '../src/storage/testing/watch-queries.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { median, row } from './measure.ts';
import { explain } from './records/explain.ts';
import { fill } from './records/fill.ts';
import { readsOf } from './records/reads.ts';
import { end, syntheticRecord } from './records/synthetic.ts';

const targetMs = 100;
const runs = 15;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    database: { type: 'string', default: 'both' },
  },
});
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1000) throw new Error('--rows takes a number from 1000 on');
if (!['sqlite', 'postgres', 'both'].includes(values.database)) {
  throw new Error('--database takes sqlite, postgres or both');
}

console.log(
  `node ${process.version}, ${availableParallelism()} cores, ${rows} rows over a year, ${runs} runs each`,
);
let missed = 0;
if (values.database !== 'postgres') {
  const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-bench-'));
  try {
    missed += await bench('sqlite', path.join(directory, 'records.sqlite'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
if (values.database !== 'sqlite') {
  const server = await startPostgres();
  try {
    missed += await bench('postgres', server.url);
  } finally {
    await server.stop();
  }
}
console.log(missed === 0 ? '\nAll within the target.' : `\n${missed} missed the target of ${targetMs} ms.`);
process.exitCode = missed === 0 ? 0 : 1;

/** Returns how many missed the target. */
async function bench(kind: Database['kind'], url: string): Promise<number> {
  const began = performance.now();
  {
    await using filling = await openDatabase(url);
    await prepareToFill(filling);
    await fill(filling, rows);
    await afterFill(filling);
  }
  // Again, with the settings of every day.
  await using database = await openDatabase(url);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`\n${kind}: filled in ${seconds} s, ${await sizeOf(database)}\n`);
  console.log(`${'ms'.padEnd(44)}  median     min     max  target`);
  return (await measureReads(database)) + (await measureWrites(database)) + (await measureRemoval(database));
}

async function prepareToFill({ kind, kysely }: Database): Promise<void> {
  if (kind !== 'sqlite') return;
  await sql`pragma journal_mode = off`.execute(kysely);
  await sql`pragma synchronous = off`.execute(kysely);
  await sql`pragma cache_size = -2000000`.execute(kysely);
}

/** What autovacuum does within minutes; SQLite has nothing of the kind. */
async function afterFill({ kind, kysely }: Database): Promise<void> {
  if (kind === 'postgres') await sql`vacuum analyze`.execute(kysely);
}

async function sizeOf({ kind, kysely }: Database): Promise<string> {
  const bytes =
    kind === 'sqlite'
      ? sql<{
          bytes: number;
        }>`select page_count * page_size as bytes from pragma_page_count, pragma_page_size`
      : sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`;
  const { rows: found } = await bytes.execute(kysely);
  return `${((found[0]?.bytes ?? 0) / 1e9).toFixed(2)} GB`;
}

async function measureReads({ kind, kysely }: Database): Promise<number> {
  const queries: CompiledQuery[] = [];
  const watched = watchQueries(kysely, (query) => queries.push(query));
  const store = new RecordStore({ kysely: watched, kind }, () => end);
  let misses = 0;
  for (const { name, run } of readsOf(rows)) {
    const times: number[] = [];
    queries.splice(0);
    let asked: CompiledQuery[] = [];
    for (let index = 0; index < runs; index++) {
      const start = performance.now();
      await run(store);
      times.push(performance.now() - start);
      if (index === 0) asked = queries.splice(0);
    }
    misses += print(name, times);
    for (const plan of await explain(kysely, kind, asked)) console.log(`      ${plan}`);
  }
  return misses;
}

async function measureWrites(database: Database): Promise<number> {
  const store = new RecordStore(database, () => end);
  let misses = 0;
  for (const size of [50, 200]) {
    const times: number[] = [];
    for (let batch = 0; batch < runs; batch++) {
      const records = Array.from({ length: size }, (_, index) => {
        const record = syntheticRecord(rows - size + index, rows);
        return {
          record: { ...record, id: `${record.id} ${size} ${batch}`, startedAt: end + batch * 1000 + index },
        };
      });
      const start = performance.now();
      await store.write(records);
      times.push(performance.now() - start);
    }
    misses += print(`write: a batch of ${size}`, times);
  }
  return misses;
}

async function measureRemoval(database: Database): Promise<number> {
  const store = new RecordStore(database, () => end);
  const times: number[] = [];
  for (let batch = 0; batch < runs; batch++) {
    const start = performance.now();
    await store.removeOlderThan(end, 200);
    times.push(performance.now() - start);
  }
  return print('remove: the oldest 200', times);
}

/** 1 where the target was missed. */
function print(name: string, times: readonly number[]): 0 | 1 {
  const missed = median(times) >= targetMs;
  console.log(row(name, times, `< ${targetMs}${missed ? ' MISSED' : ''}`));
  return missed ? 1 : 0;
}
