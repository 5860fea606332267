import type { SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Usage } from '../../turn/index.ts';
import { UsageCounter } from './count-usage.ts';

interface Total {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
  readonly thinking?: number;
  readonly cost?: number;
}

/** A `result` with the engine's totals so far. */
function totals(models: Readonly<Record<string, Total>>): SDKResultMessage {
  const modelUsage = Object.fromEntries(
    Object.entries(models).map(([model, total]) => [
      model,
      {
        inputTokens: total.input ?? 0,
        cacheReadInputTokens: total.cacheRead ?? 0,
        cacheCreationInputTokens: total.cacheWrite ?? 0,
        outputTokens: total.output ?? 0,
        ...(total.thinking === undefined ? {} : { thinkingTokens: total.thinking }),
        costUSD: total.cost ?? 0,
      },
    ]),
  );
  return { type: 'result', modelUsage } as unknown as SDKResultMessage;
}

/** Streams one upstream call. */
function call(counter: UsageCounter, model: string, input: number, output: number): void {
  counter.callStarted(model, { input_tokens: input, output_tokens: 1 });
  counter.callProgressed({ output_tokens: output });
}

describe('a turn that ends with a result', () => {
  test("is told the engine's totals, subagents' models and cost included", () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    const usage = counter.endByResult(
      totals({ sonnet: { input: 10, output: 5, cost: 0.25 }, haiku: { input: 7, output: 2, cost: 0.5 } }),
    );
    expect(usage).toMatchObject({ inputTokens: 17, outputTokens: 7, costUsd: 0.75, upstreamCalls: 1 });
    expect(usage.byModel['haiku']).toMatchObject({ inputTokens: 7, outputTokens: 2, costUsd: 0.5 });
  });

  test('counts cache reads and writes as input, and tells them apart', () => {
    const usage = new UsageCounter().endByResult(
      totals({ sonnet: { input: 1, cacheRead: 20, cacheWrite: 300, output: 9, thinking: 4 } }),
    );
    expect(usage).toMatchObject({
      inputTokens: 321,
      cachedInputTokens: 20,
      cacheWriteTokens: 300,
      outputTokens: 9,
      thinkingTokens: 4,
    });
  });

  test('is told only what was added since the turn before', () => {
    const counter = new UsageCounter();
    counter.endByResult(totals({ sonnet: { input: 10, output: 5, cost: 0.25 }, haiku: { input: 7 } }));
    const second = counter.endByResult(
      totals({ sonnet: { input: 16, output: 7, cost: 0.5 }, haiku: { input: 7 } }),
    );
    expect(second).toMatchObject({ inputTokens: 6, outputTokens: 2, costUsd: 0.25 });
    expect(Object.keys(second.byModel)).toEqual(['sonnet']);
  });

  test('counts its own upstream calls', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    call(counter, 'sonnet', 10, 5);
    expect(counter.endByResult(totals({})).upstreamCalls).toBe(2);
    call(counter, 'sonnet', 10, 5);
    expect(counter.endByResult(totals({})).upstreamCalls).toBe(1);
  });

  test('is told nothing where the engine never asked a model', () => {
    expect(new UsageCounter().endByResult(totals({}))).toMatchObject({
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      upstreamCalls: 0,
      byModel: {},
    });
  });
});

describe('a turn that ends before its result', () => {
  test('is told what the stream said, and no cost', () => {
    const counter = new UsageCounter();
    counter.callStarted('sonnet', {
      input_tokens: 1,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 300,
      output_tokens: 1,
    });
    counter.callProgressed({ output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } });
    const usage = counter.endByStream();
    expect(usage).toEqual({
      inputTokens: 321,
      cachedInputTokens: 20,
      cacheWriteTokens: 300,
      outputTokens: 9,
      thinkingTokens: 4,
      costUsd: null,
      upstreamCalls: 1,
      byModel: {
        sonnet: {
          inputTokens: 321,
          cachedInputTokens: 20,
          cacheWriteTokens: 300,
          outputTokens: 9,
          thinkingTokens: 4,
          costUsd: null,
        },
      },
    });
  });

  test('sums its calls; the last word on each counts, once', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.callProgressed({ output_tokens: 6 });
    call(counter, 'sonnet', 20, 7);
    expect(counter.outputTokens()).toBe(13);
    expect(counter.endByStream()).toMatchObject({ inputTokens: 30, outputTokens: 13, upstreamCalls: 2 });
  });

  test('counts that upstream leaves out stay as they were', () => {
    const counter = new UsageCounter();
    counter.callStarted('sonnet', { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 });
    counter.callProgressed({ input_tokens: null, cache_read_input_tokens: null, output_tokens: 4 });
    expect(counter.endByStream()).toMatchObject({
      inputTokens: 15,
      cachedInputTokens: 5,
      outputTokens: 4,
    });
  });

  test('the output of a call counts while it still runs', () => {
    const counter = new UsageCounter();
    counter.callStarted('sonnet', { input_tokens: 10, output_tokens: 3 });
    expect(counter.outputTokens()).toBe(3);
    expect(counter.endByStream().outputTokens).toBe(3);
    expect(counter.outputTokens()).toBe(0);
  });
});

describe('a turn that went on where another ended before its result', () => {
  test('is not told again what the first was told; the cost of both comes with it', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.endByStream();
    call(counter, 'sonnet', 30, 7);
    const second = counter.endByResult(totals({ sonnet: { input: 40, output: 12, cost: 0.5 } }));
    expect(second).toMatchObject({ inputTokens: 30, outputTokens: 7, costUsd: 0.5, upstreamCalls: 1 });
  });

  test('nothing is told twice in the turns after it either', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.endByStream();
    counter.endByResult(totals({ sonnet: { input: 40, output: 12, cost: 0.5 } }));
    const third = counter.endByResult(totals({ sonnet: { input: 45, output: 13, cost: 0.75 } }));
    expect(third).toMatchObject({ inputTokens: 5, outputTokens: 1, costUsd: 0.25 });
  });

  test('is not told again, even if upstream names the model more exactly than the engine does', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet-20990101', 10, 5);
    counter.endByStream();
    call(counter, 'sonnet-20990101', 30, 7);
    const second = counter.endByResult(totals({ sonnet: { input: 40, output: 12, cost: 0.5 } }));
    expect(second).toMatchObject({ inputTokens: 30, outputTokens: 7, costUsd: 0.5 });
  });

  test('what the stream could not know comes later', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.endByStream();
    const second = counter.endByResult(
      totals({ sonnet: { input: 10, output: 5, cost: 0.5 }, haiku: { input: 8, output: 3, cost: 0.25 } }),
    );
    expect(second).toMatchObject({ inputTokens: 8, outputTokens: 3, costUsd: 0.75 });
  });
});

describe('a turn that the engine is asked about while it runs', () => {
  const told = (models: Parameters<typeof totals>[0]) => totals(models).modelUsage;

  test('is told its cost so far, subagents included', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    expect(counter.soFar()).toMatchObject({ inputTokens: 10, outputTokens: 5, costUsd: null });
    counter.observe(
      told({ sonnet: { input: 10, output: 5, cost: 0.25 }, haiku: { input: 4, output: 1, cost: 0.5 } }),
    );
    expect(counter.soFar()).toMatchObject({
      inputTokens: 14,
      outputTokens: 6,
      costUsd: 0.75,
      upstreamCalls: 1,
    });
  });

  test('counts by the stream what came since, and does not make up its cost', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.observe(told({ sonnet: { input: 10, output: 5, cost: 0.25 } }));
    call(counter, 'sonnet', 20, 7);
    expect(counter.soFar()).toMatchObject({ inputTokens: 30, outputTokens: 12, costUsd: 0.25 });
    expect(counter.endByStream()).toMatchObject({ inputTokens: 30, outputTokens: 12, costUsd: 0.25 });
  });

  test('has no cost where the engine knew of nothing yet', () => {
    const counter = new UsageCounter();
    counter.callStarted('sonnet', { input_tokens: 10, output_tokens: 1 });
    counter.observe(told({}));
    expect(counter.endByStream()).toMatchObject({ inputTokens: 10, costUsd: null });
  });

  test('ends with what the engine told, which the next turn is not told again', () => {
    const counter = new UsageCounter();
    call(counter, 'sonnet', 10, 5);
    counter.observe(told({ sonnet: { input: 10, output: 5, cost: 0.25 } }));
    expect(counter.endByStream().costUsd).toBe(0.25);
    call(counter, 'sonnet', 30, 7);
    expect(counter.endByResult(totals({ sonnet: { input: 40, output: 12, cost: 0.75 } }))).toMatchObject({
      inputTokens: 30,
      outputTokens: 7,
      costUsd: 0.5,
    });
  });
});

test('over any sequence of turns, what was told adds up to the totals of the engine', () => {
  const oneCall = fc.record({
    model: fc.constantFrom('sonnet', 'haiku'),
    input: fc.nat(100),
    output: fc.integer({ min: 1, max: 100 }),
  });
  const turn = fc.record({
    calls: fc.array(oneCall, { minLength: 1, maxLength: 3 }),
    hasResult: fc.boolean(),
    /** After which of its calls the engine is asked. */
    asked: fc.array(fc.nat(2), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 6 }), (turns) => {
      const counter = new UsageCounter();
      const engine = new Map<string, { input: number; output: number; cost: number }>();
      const told: Usage[] = [];
      for (const { calls, hasResult, asked } of [...turns, { calls: [], hasResult: true, asked: [] }]) {
        for (const [index, { model, input, output }] of calls.entries()) {
          call(counter, model, input, output);
          const before = engine.get(model) ?? { input: 0, output: 0, cost: 0 };
          engine.set(model, {
            input: before.input + input,
            output: before.output + output,
            cost: before.cost + output,
          });
          if (asked.includes(index)) counter.observe(totals(Object.fromEntries(engine)).modelUsage);
        }
        told.push(
          hasResult ? counter.endByResult(totals(Object.fromEntries(engine))) : counter.endByStream(),
        );
      }
      const sum = (pick: (usage: Usage) => number): number =>
        told.reduce((total, usage) => total + pick(usage), 0);
      const all = [...engine.values()];
      expect(sum((usage) => usage.inputTokens)).toBe(all.reduce((total, { input }) => total + input, 0));
      expect(sum((usage) => usage.outputTokens)).toBe(all.reduce((total, { output }) => total + output, 0));
      expect(sum((usage) => usage.costUsd ?? 0)).toBe(all.reduce((total, { cost }) => total + cost, 0));
      expect(sum((usage) => usage.upstreamCalls)).toBe(turns.flatMap(({ calls }) => calls).length);
    }),
  );
});
