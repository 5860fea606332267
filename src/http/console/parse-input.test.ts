import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Endpoint, endpoints } from '../../contract/index.ts';
import { WireError } from '../../openai/index.ts';
import { consoleExamples } from '../api-docs/console-examples.ts';
import { findUnknownField } from './find-unknown-field.ts';
import { parseInput } from './parse-input.ts';

const all = Object.entries<Endpoint>(endpoints);
const withBody = all.filter(([, { body }]) => body !== undefined);

/** Whether the input was taken; throws for anything but a plain refusal. */
function isTaken(endpoint: Endpoint, input: { query?: unknown; body?: unknown }): boolean {
  try {
    parseInput(
      { query: endpoint.query ?? z.object({}), body: endpoint.body ?? z.object({}) },
      { params: {}, query: {}, body: {}, ...input },
    );
    return true;
  } catch (error) {
    if (error instanceof WireError && error.status === 400 && error.message.length < 1000) return false;
    throw error;
  }
}

describe('whatever comes is taken or refused, and never a fault of the server', () => {
  test.each(withBody)('as the body of %s', (_, endpoint) => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => void isTaken(endpoint, { body })),
      { numRuns: 50 },
    );
  });

  test.each(all)('as the query of %s', (_, endpoint) => {
    const names = fc.constantFrom('x', '__proto__', ...Object.keys(endpoint.query?.shape ?? {}));
    const values = fc.oneof(fc.string(), fc.array(fc.string()), fc.integer().map(String));
    const queries = fc.dictionary(names, values);
    fc.assert(
      fc.property(queries, (query) => void isTaken(endpoint, { query })),
      { numRuns: 50 },
    );
  });

  test.each(Object.entries(consoleExamples))('as a part of a right body of %s', (name, example) => {
    const [, endpoint] = all.find(([of]) => of === name) ?? [];
    if (endpoint === undefined) throw new Error(`There is no endpoint ${name}.`);
    const changed = fc.tuple(fc.constantFrom(...Object.keys(example)), fc.jsonValue({ maxDepth: 3 }));
    const bodies = changed.map(([key, value]) => ({ ...example, [key]: value }));
    fc.assert(
      fc.property(bodies, (body) => void isTaken(endpoint, { body })),
      { numRuns: 50 },
    );
  });
});

test('a field that is not known is found wherever it is put', () => {
  const [, putProfile] = all.find(([name]) => name === 'putProfile') ?? [];
  const body = putProfile?.body ?? z.never();
  const right = {
    systemPrompt: { mode: 'append', text: 'x' },
    mcpServers: { files: { type: 'stdio', command: 'x', args: ['a'], env: { A: 'b' } } },
    subagents: { helper: { description: 'x', prompt: 'y', tools: ['Read'] } },
  };
  expect(findUnknownField(body, right)).toBeNull();
  const places = [[], ['systemPrompt'], ['mcpServers', 'files'], ['subagents', 'helper']];
  for (const place of places) {
    const value = structuredClone(right);
    let at: Record<string, unknown> = value;
    for (const key of place) at = at[key] as Record<string, unknown>;
    at['unknown'] = null;
    expect(findUnknownField(body, value)).toEqual([...place, 'unknown']);
  }
});
