import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeTracker } from '../src/engine/workspace/changes/change-tracker.ts';
import type { RunChanges } from '../src/engine/workspace/changes/run-changes.ts';
import { median, row } from './measure.ts';

// What finding a shell command's changes costs, before and after it, in a workspace that is known already: of the first command of a
// run, which begins with a look of its own, and of further ones, which go on from the last look. `CPU`: of all threads. `busy`: the
// main thread. Fails where a further command in
// 50,000 files takes 150 ms or more (median).

const rounds = 15;
const limitMilliseconds = 150;
/** Longer than a look counts as fresh: each command begins with a look of its own. */
const pause = 300;

function makeTree(files: number): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'claudecode-api-bench-')));
  for (let index = 0; index < files; index++) {
    const folder = path.join(
      root,
      `part-${Math.floor(index / 2500)}`,
      `module-${Math.floor(index / 50)}`,
      'lib',
    );
    if (index % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `some-file-${index}.ts`), `export const value = ${index};\n`.repeat(20));
  }
  return root;
}

/** Changes so many files in place. */
function change(root: string, files: number, count: number, text: string): void {
  for (let index = 0; index < count; index++) {
    const at = Math.floor((index * files) / count);
    const folder = path.join(root, `part-${Math.floor(at / 2500)}`, `module-${Math.floor(at / 50)}`, 'lib');
    writeFileSync(path.join(folder, `some-file-${at}.ts`), text);
  }
}

interface Cost {
  readonly milliseconds: number;
  /** How long the main thread was busy. */
  readonly busy: number;
  /** Of all threads. */
  readonly cpu: number;
}

/** What detection takes around a command, without the command itself. */
async function command(run: RunChanges, work: () => void): Promise<Cost> {
  const toolUseId = randomUUID();
  const before = await measure(() => run.before({ toolUseId, name: 'Bash', input: {} }));
  work();
  const after = await measure(() => run.after(toolUseId));
  return {
    milliseconds: before.milliseconds + after.milliseconds,
    busy: before.busy + after.busy,
    cpu: before.cpu + after.cpu,
  };
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const loop = performance.eventLoopUtilization();
  const used = process.cpuUsage();
  const start = performance.now();
  await work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  return { milliseconds, busy: performance.eventLoopUtilization(loop).active, cpu: (user + system) / 1000 };
}

const cores = availableParallelism();
console.log(
  `${cores} cores, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}, Node ${process.version}`,
);
console.log(`${'ms per command'.padEnd(44)}  median     min     max   CPU   busy`);

let slowest = 0;
for (const files of [1_000, 50_000]) {
  const root = makeTree(files);
  await using tracker = new ChangeTracker();
  const first = performance.now();
  const warm = tracker.start({ id: 'bench', root });
  await warm.before({ toolUseId: 'first', name: 'Bash', input: {} });
  const cold = performance.now() - first;
  await warm.finish();
  // Contents are read ahead meanwhile; that is not what is measured.
  await sleep(3_000);
  for (const isFirst of [false, true])
    for (const count of [0, 1, 100]) {
      const costs: Cost[] = [];
      let run = tracker.start({ id: 'bench', root });
      await command(run, () => {});
      for (let round = 0; round < rounds; round++) {
        await sleep(pause);
        if (isFirst) {
          await run.finish();
          run = tracker.start({ id: 'bench', root });
          await sleep(pause);
        }
        costs.push(await command(run, () => change(root, files, count, `changed ${round} ${count}\n`)));
      }
      const found = (await run.finish()) ?? { changes: [], omitted: 0 };
      if (found.changes.length + found.omitted !== count)
        throw new Error(`found ${found.changes.length} of ${count}`);
      const times = costs.map(({ milliseconds }) => milliseconds);
      if (files === 50_000 && !isFirst) slowest = Math.max(slowest, median(times));
      const name = `${files.toLocaleString('en')} files, ${count} changed, ${isFirst ? 'first' : 'further'} command`;
      const [cpu, busy] = [median(costs.map((cost) => cost.cpu)), median(costs.map((cost) => cost.busy))];
      console.log(row(name, times, `${cpu.toFixed(0).padStart(4)}${busy.toFixed(1).padStart(7)}`));
    }
  console.log(
    `${`${files.toLocaleString('en')} files, first look with thread start`.padEnd(44)}${cold.toFixed(0).padStart(8)}`,
  );
  rmSync(root, { recursive: true });
}

if (slowest >= limitMilliseconds) {
  console.error(`Detection on 50,000 files takes ${limitMilliseconds} ms or more.`);
  process.exitCode = 1;
}
