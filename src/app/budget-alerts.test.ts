import { expect, test } from 'vitest';
import { testDatabases } from '../../test/support/test-databases.ts';
import { startWebhookReceiver } from '../../test/support/webhook-receiver.ts';
import { scriptedRunner, usageOf } from '../access/testing/scripted-runner.ts';
import { newKey } from '../contract/index.ts';
import { openDatabase } from '../storage/index.ts';
import { agentProfile, type Turn } from '../turn/index.ts';
import { buildAccess } from './build-access.ts';

const actor = { name: 'admin', address: null };

async function openServer(databaseUrl: string, webhookUrl: string) {
  const problems: string[] = [];
  const database = await openDatabase(databaseUrl);
  const access = buildAccess({
    database,
    secret: 'one secret for all servers of this test',
    sessionIdleMs: 1000,
    twoFactorRequired: () => 'off',
    budgetWebhook: { url: () => webhookUrl },
    onProblem: (message) => problems.push(message),
  });
  return {
    access,
    problems,
    async [Symbol.asyncDispose]() {
      await access[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

function turnOf(owner: string): Turn {
  return {
    ...{ id: 'turn_1', owner, model: 'opus', profile: agentProfile, system: '', messages: [] },
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    ...{ output: { stop: [] }, reasoning: {}, sampling: {} },
  };
}

test.each(testDatabases)(
  'two servers on $kind that spend one budget tell of each share once',
  async ({ create }) => {
    await using place = await create();
    await using receiver = await startWebhookReceiver();
    await using one = await openServer(place.url, receiver.url);
    await using other = await openServer(place.url, receiver.url);
    const limits = { budgetUsdPerDay: 2, softBudgetUsdPerDay: 1.25 };
    const { key } = await one.access.keys.create(newKey.parse({ name: 'ci', limits }), actor);
    const runner = scriptedRunner(() => [
      { type: 'usage', usage: usageOf(1, 1, 0.05) },
      { type: 'done', stopReason: 'end', usage: usageOf(2, 2, 0.1) },
    ]);
    const spend = async (server: typeof one): Promise<void> => {
      const engine = server.access.governor.govern(runner);
      for await (const event of engine.runTurn(turnOf(key.id), { signal: new AbortController().signal }))
        expect(['usage', 'done']).toContain(event.type);
    };
    const spendTogether = (runs: number) =>
      Promise.all(Array.from({ length: runs }, (_, index) => spend(index % 2 === 0 ? one : other)));
    const told = () =>
      receiver.received
        .map(({ body }) => JSON.parse(body).data)
        .map(({ kind, percent }) => `${kind} ${percent}`);

    await spendTogether(18);
    const most = ['hard 50', 'hard 80', 'soft 100'];
    await expect.poll(() => told().sort()).toEqual(most);
    await other.access.keys.resetSpending(key.id, actor);
    await spendTogether(18);
    await expect.poll(() => told().sort()).toEqual([...most, ...most].sort());
    await spend(one);
    // Waits for all that is under way.
    for (const { access } of [one, other]) await access.budgetAlerts[Symbol.asyncDispose]();
    expect(told()).toHaveLength(6);
    expect([...one.problems, ...other.problems]).toEqual([]);
    const { items } = await one.access.audit.list({ action: 'key.budget_reached', limit: 50 });
    expect(items).toHaveLength(6);
  },
);
