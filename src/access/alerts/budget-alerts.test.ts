import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../../../test/support/webhook-receiver.ts';
import type { ApiKey, KeyLimits } from '../../contract/index.ts';
import { showKey } from '../keys/show-key.ts';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { MemoryBudgetAlertStore } from '../testing/memory-stores.ts';
import { sampleKey } from '../testing/sample-key.ts';
import { BudgetAlerts, type BudgetAlertsOptions } from './budget-alerts.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(() => receiver[Symbol.asyncDispose]());

function build(options: Partial<BudgetAlertsOptions> = {}) {
  const parts = createAccessParts();
  const store = new MemoryBudgetAlertStore();
  const open = (more: Partial<BudgetAlertsOptions> = {}) =>
    new BudgetAlerts({ ...parts, store, url: () => receiver.url, pausesMs: [1, 1], ...options, ...more });
  const spend = (alerts: BudgetAlerts, key: ApiKey, sum: number, costUsd: number): void => {
    const spent = { requests: 1, tokens: 1, costUsd: sum };
    alerts.watch(key, { costUsd, sums: { day: spent, month: spent }, at: parts.now() });
  };
  return { ...parts, store, open, alerts: open(), spend };
}

function keyWith(limits: Partial<KeyLimits>): ApiKey {
  return showKey(sampleKey({ id: 'key_7', name: 'ci', owner: 'Ann', tags: ['prod'], limits }), 0);
}

const bodies = () => receiver.received.map(({ body }) => JSON.parse(body));

describe('an alert', () => {
  test('tells who has spent how much of what, signed as Standard Webhooks has it', async () => {
    const { alerts, spend, entries, now } = build({ secret });
    spend(alerts, keyWith({ budgetUsdPerDay: 10 }), 5.5, 1);
    await vi.waitFor(() => expect(alerts.counts()).toEqual({ delivered: 1, failed: 0 }));
    const [message] = receiver.received;
    const reached = { period: 'day', kind: 'hard', percent: 50, spentUsd: 5.5, budgetUsd: 10 };
    expect(JSON.parse(message?.body ?? '')).toEqual({
      type: 'budget.threshold_reached',
      timestamp: new Date(now()).toISOString(),
      data: {
        key: { id: 'key_7', name: 'ci', owner: 'Ann', tags: ['prod'] },
        ...reached,
        periodEndsAt: '2026-01-16T00:00:00.000Z',
      },
    });
    const { webhooks } = new OpenAI({ apiKey: 'none' });
    const headers = new Headers();
    for (const [name, value] of Object.entries(message?.headers ?? {})) headers.set(name, String(value));
    await webhooks.verifySignature(message?.body ?? '', headers, secret);
    await expect(webhooks.verifySignature(`${message?.body} `, headers, secret)).rejects.toThrow();
    expect(headers.get('content-type')).toBe('application/json');
    expect(entries.entries).toMatchObject([
      { actor: 'server', action: 'key.budget_reached', target: 'key_7', details: { name: 'ci', ...reached } },
    ]);
    await alerts[Symbol.asyncDispose]();
  });

  test('comes once for each mark, whichever server passes it, and the database is not asked again', async () => {
    const { open, alerts, spend, store } = build();
    const elsewhere = open();
    const key = keyWith({ budgetUsdPerMonth: 10, softBudgetUsdPerMonth: 6 });
    spend(alerts, key, 5, 5);
    spend(elsewhere, key, 5, 5);
    spend(alerts, key, 9, 4);
    spend(elsewhere, key, 9.5, 0.5);
    await vi.waitFor(() => expect(alerts.counts().delivered + elsewhere.counts().delivered).toBe(3));
    const { asked } = store;
    spend(alerts, key, 9.6, 0.1);
    spend(elsewhere, key, 9.7, 0.1);
    expect(store.asked).toBe(asked);
    await Promise.all([alerts, elsewhere].map((one) => one[Symbol.asyncDispose]()));
    const told = bodies().map(({ data }) => `${data.kind} ${data.percent}`);
    expect(told.sort()).toEqual(['hard 50', 'hard 80', 'soft 100']);
    expect(receiver.received.every(({ headers }) => headers['webhook-signature'] === undefined)).toBe(true);
  });

  test('comes again where the budget was begun anew', async () => {
    const { alerts, spend, store } = build();
    const key = keyWith({ softBudgetUsdPerDay: 1 });
    spend(alerts, key, 1, 1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
    store.claimed.clear();
    spend(alerts, key, 1.5, 1.5);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2));
    await alerts[Symbol.asyncDispose]();
  });

  test('waits for the next charge where the database fails', async () => {
    const { alerts, spend, store, problems } = build();
    const claim = store.claim.bind(store);
    store.claim = async () => {
      throw new Error('no database');
    };
    const key = keyWith({ softBudgetUsdPerDay: 1 });
    spend(alerts, key, 1, 1);
    await vi.waitFor(() => expect(problems).toHaveLength(1));
    store.claim = claim;
    spend(alerts, key, 1.1, 0.1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
    await alerts[Symbol.asyncDispose]();
  });

  test('is in the audit also where nobody is called', async () => {
    const { open, spend, entries } = build();
    const alerts = open({ url: () => undefined });
    spend(alerts, keyWith({ softBudgetUsdPerDay: 1 }), 1, 1);
    await alerts[Symbol.asyncDispose]();
    expect(entries.entries).toHaveLength(1);
    expect(alerts.counts()).toEqual({ delivered: 0, failed: 0 });
    expect(receiver.received).toEqual([]);
  });
});

describe('a message that is refused', () => {
  test('is sent three times with one id, and then told of once', async () => {
    const { alerts, spend, problems } = build();
    receiver.answer = (response) => void response.writeHead(503).end('not now');
    spend(alerts, keyWith({ softBudgetUsdPerDay: 1 }), 1, 1);
    await vi.waitFor(() => expect(alerts.counts().failed).toBe(1));
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(problems).toEqual(['a budget alert could not be delivered to BUDGET_WEBHOOK_URL']);
    await alerts[Symbol.asyncDispose]();
  });

  test('gets through when it is taken at last', async () => {
    const { alerts, spend, problems } = build();
    const usual = receiver.answer;
    receiver.answer = (response) => {
      receiver.answer = usual;
      response.destroy();
    };
    spend(alerts, keyWith({ softBudgetUsdPerDay: 1 }), 1, 1);
    await vi.waitFor(() => expect(alerts.counts().delivered).toBe(1));
    expect(receiver.received).toHaveLength(2);
    expect(problems).toEqual([]);
    await alerts[Symbol.asyncDispose]();
  });

  test('is not sent where it is led to', async () => {
    const { alerts } = build();
    receiver.answer = (response) => void response.writeHead(307, { location: '/elsewhere' }).end();
    expect(await alerts.test(admin)).toEqual({
      delivered: false,
      status: 307,
      problem: 'It was answered with the status 307.',
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('does not hold up the end of the server', async () => {
    const { alerts, spend } = build({ pausesMs: [3_600_000] });
    receiver.answer = (response) => void response.writeHead(500).end();
    spend(alerts, keyWith({ softBudgetUsdPerDay: 1 }), 1, 1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
    await alerts[Symbol.asyncDispose]();
    expect(receiver.received).toHaveLength(1);
    expect(alerts.counts()).toEqual({ delivered: 0, failed: 1 });
  });
});

test('a test tells how it was answered, and is in the audit', async () => {
  const { alerts, open, entries } = build();
  expect(await alerts.test(admin)).toEqual({ delivered: true, status: 204, problem: null });
  expect(bodies()).toMatchObject([{ type: 'budget.test', data: {} }]);
  expect(entries.entries).toMatchObject([
    { actor: 'ada', action: 'settings.webhook_tested', details: { delivered: true, status: 204 } },
  ]);
  await expect(open({ url: () => undefined }).test(admin)).rejects.toMatchObject({ code: 'conflict' });
  await receiver[Symbol.asyncDispose]();
  const { delivered, status, problem } = await alerts.test(admin);
  expect({ delivered, status }).toEqual({ delivered: false, status: null });
  expect(problem).toMatch(/^It could not be sent: .*ECONNREFUSED/);
});
