import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { ApiKeys, AuditLog, createKeyHash, Governor } from '../src/access/index.ts';
import { newKey } from '../src/contract/index.ts';
import { createKeyAuthenticator } from '../src/http/index.ts';
import {
  DatabaseAuditStore,
  DatabaseKeyStore,
  DatabaseRateLimiter,
  DatabaseRunLeaseStore,
  DatabaseSpendingStore,
  openDatabase,
} from '../src/storage/index.ts';
import { agentProfile, noUsage, type Turn, type TurnEvent } from '../src/turn/index.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { median, row } from './measure.ts';

// What a key with every limit costs a request, with the real stores. Fails where the median on SQLite is 1 ms or more; on
// PostgreSQL (`--database postgres`) it is mostly the round trips to it, and is only told.

const requests = 2_000;
/** Before anything is compiled and prepared. */
const warmUp = 200;
const limitMicroseconds = 1_000;

const usage = { ...noUsage, inputTokens: 10, outputTokens: 5, costUsd: 0.0001, upstreamCalls: 1 };
const instantEngine = {
  async *runTurn(): AsyncGenerator<TurnEvent> {
    yield { type: 'started', model: 'instant', source: 'new' };
    yield { type: 'text.delta', text: 'ok' };
    yield { type: 'done', stopReason: 'end', usage };
  },
};

const { values } = parseArgs({ options: { database: { type: 'string', default: 'sqlite' } } });
if (!['sqlite', 'postgres'].includes(values.database)) throw new Error('--database takes sqlite or postgres');
const directory = await mkdtemp(`${tmpdir()}/claudecode-api-bench-`);
const server = values.database === 'postgres' ? await startPostgres() : undefined;
const database = await openDatabase(server?.url ?? `${directory}/bench.sqlite`);
const onProblem = (message: string, error: unknown): void => console.error(message, error);
const keyStore = new DatabaseKeyStore(database);
const spending = new DatabaseSpendingStore(database);
const limiter = new DatabaseRateLimiter(database, (error) => onProblem('old windows stay', error));
const keys = new ApiKeys({
  keys: keyStore,
  spending,
  audit: new AuditLog({ store: new DatabaseAuditStore(database), onProblem }),
  hash: createKeyHash('the secret of the bench'),
  onProblem,
});
const governor = new Governor({
  keys: keyStore,
  spending,
  leases: new DatabaseRunLeaseStore(database),
  limiter,
  onProblem,
});
const authenticator = createKeyAuthenticator({ keys, keyRequired: () => true });
const engine = governor.govern(instantEngine);

const limits = {
  requestsPerMinute: 1_000_000,
  concurrentRuns: 10,
  tokensPerDay: 1e9,
  tokensPerMonth: 1e9,
  budgetUsdPerDay: 1e6,
  budgetUsdPerMonth: 1e6,
};
const { secret } = await keys.create(newKey.parse({ name: 'bench', limits }), {
  name: 'bench',
  address: null,
});

const { signal } = new AbortController();
async function drain(events: AsyncIterable<TurnEvent>): Promise<void> {
  for await (const event of events) if (event.type === 'error') throw event.error;
}

/** Microseconds. */
async function time<Result>(into: number[], work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  into.push((performance.now() - start) * 1000);
  return result;
}

const authenticate: number[] = [];
const admit: number[] = [];
const governed: number[] = [];
const bare: number[] = [];
const overheads: number[] = [];
for (let index = -warmUp; index < requests; index++) {
  if (index === 0) for (const times of [authenticate, admit, governed, bare, overheads]) times.length = 0;
  const caller = await time(authenticate, () => authenticator.authenticate(secret));
  const { refusal } = await time(admit, () => governor.admit(caller));
  if (refusal) throw refusal;
  const turn: Turn = {
    id: `turn_${index}`,
    owner: caller.owner,
    model: 'instant',
    profile: agentProfile,
    system: '',
    messages: [],
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    output: { stop: [] },
    reasoning: {},
    sampling: {},
  };
  await time(governed, () => drain(engine.runTurn(turn, { signal })));
  await time(bare, () => drain(instantEngine.runTurn()));
  overheads.push([authenticate, admit, governed].reduce((sum, part) => sum + (part.at(-1) ?? 0), 0));
}

console.log(`${`µs per request, ${database.kind}`.padEnd(44)}  median     min     max`);
console.log(row('authenticate', authenticate));
console.log(row('admit (rate, tokens, budget)', admit));
console.log(row('run, governed (permit, lease, charge)', governed));
console.log(row('run, not governed', bare));
console.log(row('a request, all in all', overheads));

await governor[Symbol.asyncDispose]();
await keys[Symbol.asyncDispose]();
await limiter[Symbol.asyncDispose]();
await database[Symbol.asyncDispose]();
await server?.stop();
await rm(directory, { recursive: true, force: true });

if (server === undefined && median(overheads) >= limitMicroseconds) {
  console.error(`Keys and limits take ${limitMicroseconds} µs or more.`);
  process.exitCode = 1;
}
