// Measures the server against the Agent SDK's own cold `query()`, interleaved in one run, with the real engine and an
// upstream that answers at once. Figures are medians; read them as ratios, since machines differ.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { temporaryDirectory, testEnvironment } from '../test/support/start-app.ts';
import { processesWith, type ServerProcess, startServer } from '../test/support/start-server.ts';
import { lastUserText, say, startUpstream } from '../test/support/upstream.ts';
import { coldQuery } from './cold-query.ts';
import { httpOverhead } from './http-overhead.ts';
import { type Messages, median, row, timeOfResponse, timeToFirstToken } from './measure.ts';

const rounds = Math.max(9, Number(process.env['BENCH_ROUNDS'] ?? 9));
const profiles = ['model', 'agent'] as const;
type Profile = (typeof profiles)[number];

const upstream = await startUpstream();
upstream.script((request) => say('re: ', lastUserText(request)));
const directory = await temporaryDirectory();
const cwd = path.join(directory, 'cold');
await mkdir(cwd, { recursive: true });
const env = testEnvironment(directory, upstream);
const start = (): Promise<ServerProcess> =>
  startServer({ upstream, directory, env: { MAX_PROCESSES: '8', WARM_SPARES: '2', LOG_LEVEL: 'warn' } });

console.log(
  `node ${process.version}, ${process.platform} ${process.arch}, ${rounds} rounds, zero-delay upstream\n`,
);
console.log(`${'time to first token (ms)'.padEnd(44)}  median     min     max  ratio to cold query()`);

let server = await start();
let allReached = true;
for (const profile of profiles) await compare(profile);
await compareResponses();
await thirtyAtOnce();
await memoryPerProcess();
await server.stop('SIGTERM');
await rm(directory, { recursive: true, force: true });
const overhead = await httpOverhead(rounds * 20);
if (median(overhead) >= 5) allReached = false;
console.log(`\n${row('HTTP and translation, client included', overhead, '(must be under 5 ms)')}`);
await upstream[Symbol.asyncDispose]();
console.log(allReached ? '\nAll targets reached.' : '\nNot all targets reached.');
process.exit(allReached ? 0 : 1);

async function compare(profile: Profile): Promise<void> {
  const times = {
    cold: [] as number[],
    first: [] as number[],
    following: [] as number[],
    resumed: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    await quiet();
    times.cold.push(await coldQuery(`cold ${round}`, { env, cwd, agent: profile === 'agent' }));
    await quiet();
    const messages: Messages = [{ role: 'user', content: `${profile} conversation ${round}` }];
    times.first.push(await next(profile, messages));
    await quiet();
    times.following.push(await next(profile, messages));
    await server.stop('SIGTERM');
    server = await start();
    await quiet();
    times.resumed.push(await next(profile, messages));
  }
  const cold = median(times.cold);
  console.log(row(`cold query(), ${profile}`, times.cold));
  report(`first turn, ${profile}`, times.first, cold, 0.4);
  report(`following turn, ${profile}`, times.following, cold, 0.12);
  report(`first turn after a restart, ${profile}`, times.resumed, cold, 1.1);
}

async function compareResponses(): Promise<void> {
  const times = {
    cold: [] as number[],
    event: [] as number[],
    first: [] as number[],
    following: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    await quiet();
    times.cold.push(await coldQuery(`cold ${round}`, { env, cwd, agent: false }));
    await quiet();
    const first = await timeOfResponse(server.baseUrl, 'model', `response ${round}`);
    times.event.push(first.firstEvent);
    times.first.push(first.milliseconds);
    await quiet();
    const following = await timeOfResponse(server.baseUrl, 'model', 'and then?', first.id);
    times.following.push(following.milliseconds);
  }
  const cold = median(times.cold);
  console.log(row('cold query(), again', times.cold));
  report('response, first event', times.event, cold, 0.4);
  report('response, first token', times.first, cold, 0.4);
  report('following, by previous_response_id', times.following, cold, 0.12);
}

/** Asks, and appends answer and next question, as a client's history grows. */
async function next(model: string, messages: Messages): Promise<number> {
  const { milliseconds, text } = await timeToFirstToken(server.baseUrl, model, messages);
  messages.push({ role: 'assistant', content: text }, { role: 'user', content: 'and then?' });
  return milliseconds;
}

function report(name: string, values: number[], cold: number, target: number): void {
  const ratio = median(values) / cold;
  if (ratio > target) allReached = false;
  const verdict = ratio > target ? `MISSED, must be at most ${target}` : `must be at most ${target}`;
  console.log(row(name, values, `${ratio.toFixed(3)}  (${verdict})`));
}

async function thirtyAtOnce(): Promise<void> {
  const begin = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      timeToFirstToken(server.baseUrl, 'model', [{ role: 'user', content: `number ${index}` }]),
    ),
  );
  const right = answers.filter(({ text }, index) => text === `re: number ${index}`).length;
  if (right !== answers.length) allReached = false;
  const seconds = (performance.now() - begin) / 1000;
  console.log(
    `\n30 requests at once: ${right} of 30 right, in ${seconds.toFixed(1)} s with at most 8 processes`,
  );
}

async function memoryPerProcess(): Promise<void> {
  const pids = processesWith(`HOME=${directory}\0`).filter((pid) => pid !== server.child.pid);
  const sizes = await Promise.all(pids.map(memoryOf));
  const live = sizes.filter((size) => size.resident > 50);
  console.log(
    `memory per live process: ${median(live.map((size) => size.resident)).toFixed(0)} MB resident, ` +
      `${median(live.map((size) => size.proportional)).toFixed(0)} MB proportional (${live.length} processes)`,
  );
}

async function memoryOf(pid: number): Promise<{ resident: number; proportional: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { resident: megabytes('Rss'), proportional: megabytes('Pss') };
}

/** Lets spares start and the machine settle, so that one measurement does not disturb the next. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_200));
}
