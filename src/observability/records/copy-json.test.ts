import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plantedSecret, secretFieldName } from '../testing/planted-secrets.ts';
import { type CopyOptions, copyJson, type JsonCopy } from './copy-json.ts';
import { doAtOnce } from './in-pieces.ts';

const roomy = { maxBytes: 1_000_000, maxTextBytes: 100_000 };
const copy = (value: unknown, options: Partial<CopyOptions> = {}): JsonCopy =>
  doAtOnce(copyJson(value, { level: 'full', ...roomy, ...options }));

/** A value somewhere within JSON, under fields and in lists. */
function within(value: unknown, path: readonly (string | null)[]): unknown {
  return path.reduceRight<unknown>(
    (inner, key) => (key === null ? ['before', inner, 1] : { other: 'text', [key]: inner, last: [true] }),
    value,
  );
}

const anyPath = fc.array(
  fc.option(fc.constantFrom('messages', 'content', 'name', 'id', 'type', 'arguments', 'input', 'file_path')),
  { maxLength: 6 },
);
const anyLevel = fc.constantFrom('redacted' as const, 'full' as const);
const anyBound = fc.record({
  maxBytes: fc.integer({ min: 16, max: 2000 }),
  maxTextBytes: fc.integer({ min: 16, max: 2000 }),
});

describe('whatever the body', () => {
  test('no secret survives that is known by its form', () => {
    fc.assert(
      fc.property(
        plantedSecret,
        anyPath,
        anyLevel,
        fc.option(anyBound),
        ({ secret, text }, path, level, bound) => {
          const { value } = copy(within(text, path), { level, ...bound });
          expect(JSON.stringify(value)).not.toContain(secret);
          expect(JSON.stringify(copy(within(1, [text, ...path]), { level, ...bound }).value)).not.toContain(
            secret,
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  test('no secret survives that is known by its field', () => {
    const secretText = fc.stringMatching(/^[a-z]{3} [A-Za-z0-9]{12,20}$/);
    fc.assert(
      fc.property(
        secretFieldName,
        secretText,
        anyPath,
        anyPath,
        anyLevel,
        (field, secret, outer, inner, level) => {
          const body = within({ [field]: within(secret, inner) }, outer);
          expect(JSON.stringify(copy(body, { level }).value)).not.toContain(secret);
          const quoted = within(JSON.stringify(body), ['tool_calls', null, 'function', 'arguments']);
          expect(JSON.stringify(copy(quoted, { level }).value)).not.toContain(secret);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the copy keeps to its bound, and knows its size', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), anyLevel, fc.option(anyBound), (body, level, bound) => {
        const options = { level, ...roomy, ...bound };
        const { value, bytes, truncated } = copy(body, options);
        const size = Buffer.byteLength(JSON.stringify(value));
        expect(size).toBeLessThanOrEqual(bytes);
        expect(bytes).toBeLessThanOrEqual(options.maxBytes);
        if (bound === null) expect(truncated).toBe(false);
      }),
    );
  });

  test('what has neither secrets nor size comes through as it was', () => {
    const plain = fc.jsonValue({ maxDepth: 4, noUnicodeString: false }).filter((value) => {
      const text = JSON.stringify(value);
      return !/\\u|__proto__|token|secret|password|key|cookie|env|headers|credential|author/i.test(text);
    });
    fc.assert(
      fc.property(plain, (value) => {
        expect(JSON.stringify(copy(value).value)).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('without texts', () => {
  test('a chat request keeps its structure', () => {
    const body = {
      model: 'gpt-4o',
      stream: true,
      max_tokens: 100,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: 'write', arguments: '{"file_path":"/a/b.txt","content":"secret plan"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'done it' },
      ],
      tools: [
        {
          type: 'function',
          function: {
            name: 'write',
            description: 'Writes.',
            parameters: {
              type: 'object',
              properties: { file_path: { type: 'string' } },
              required: ['file_path'],
            },
          },
        },
      ],
    };
    expect(copy(body, { level: 'redacted' }).value).toEqual({
      model: 'gpt-4o',
      stream: true,
      max_tokens: 100,
      messages: [
        { role: 'system', content: '[text, 8 characters]' },
        { role: 'user', content: [{ type: 'text', text: '[text, 5 characters]' }] },
        {
          role: 'assistant',
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: {
                name: 'write',
                arguments: '{"file_path":"/a/b.txt","content":"[text, 11 characters]"}',
              },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '[text, 7 characters]' },
      ],
      tools: [
        {
          type: 'function',
          function: {
            name: 'write',
            description: '[text, 7 characters]',
            parameters: {
              type: 'object',
              properties: { file_path: { type: 'string' } },
              required: ['file_path'],
            },
          },
        },
      ],
    });
  });

  test('a tool input keeps its keys, its paths and its numbers', () => {
    const input = { file_path: '/w/a.ts', name: 'Ann', limit: 5, nested: { todo: ['buy milk'] } };
    expect(copy(input, { level: 'redacted', isCall: true }).value).toEqual({
      file_path: '/w/a.ts',
      name: '[text, 3 characters]',
      limit: 5,
      nested: { todo: ['[text, 8 characters]'] },
    });
  });
});

describe('all but secrets', () => {
  test('the headers of an MCP server are left out whatever their names', () => {
    const tool = {
      type: 'mcp',
      server_url: 'https://m/x',
      headers: { 'X-Team': 'blue' },
      authorization: 'abc',
    };
    expect(copy(tool).value).toEqual({
      type: 'mcp',
      server_url: 'https://m/x',
      headers: { 'X-Team': '[redacted]' },
      authorization: '[redacted]',
    });
  });

  test('media are told by type and size', () => {
    const image = `data:image/png;base64,${'iVBORw0K'.repeat(1000)}`;
    const value = copy({ url: image, data: 'UklGRiQA'.repeat(200), text: `![x](${image}) done` }).value;
    expect(value).toEqual({
      url: '[image/png, 6000 bytes]',
      data: '[base64, 1200 bytes]',
      text: '![x]([image/png, 6000 bytes]) done',
    });
  });

  test('a long text is cut, and says how long it was', () => {
    const { value, truncated } = copy({ text: 'word '.repeat(1000) }, { maxTextBytes: 20 });
    expect(value).toEqual({ text: 'word word word word …[cut, 5000 characters]' });
    expect(truncated).toBe(true);
  });
});

test('what does not fit is left out from the end', () => {
  const { value, truncated } = copy({ list: Array.from({ length: 1000 }, (_, n) => n) }, { maxBytes: 40 });
  expect(value).toMatchObject({ list: expect.arrayContaining([0, 1, 2]) });
  expect(truncated).toBe(true);
});

test('depth has a bound', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  const { value, truncated } = copy(deep);
  expect(JSON.stringify(value)).toContain('"[more]"');
  expect(truncated).toBe(true);
});

test('a prototype cannot be set', () => {
  const { value } = copy(JSON.parse('{"__proto__":{"admin":true},"a":1}'));
  expect(value).toEqual({ a: 1 });
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('work on a large body is bounded and can be put down', () => {
  const body = { messages: Array.from({ length: 200_000 }, () => ({ role: 'user', content: 'x' })) };
  const work = copyJson(body, { level: 'full', maxBytes: 100_000, maxTextBytes: 1000 });
  let pieces = 0;
  for (let step = work.next(); step.done !== true; step = work.next()) pieces += 1;
  expect(pieces).toBeGreaterThan(10);
  // Some 33 bytes a message.
  expect(pieces).toBeLessThan(100);
});
