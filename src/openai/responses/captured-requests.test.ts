import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { responsesContext } from '../testing/responses.ts';
import { decodeResponsesRequest } from './decode-responses-request.ts';
import type { StoredItem } from './items.ts';
import { peekReferences } from './peek-references.ts';

/** What real clients sent, recorded on the wire (long texts cut). */
const folder = new URL('../../../test/fixtures/captures/', import.meta.url);

interface CapturedItem {
  readonly type?: string;
  readonly role?: string;
  readonly id?: string;
}
interface CapturedBody {
  readonly input: string | readonly CapturedItem[];
  readonly tools?: readonly {
    readonly type: string;
    readonly name?: string;
    readonly tools?: readonly object[];
  }[];
  readonly text?: { readonly format?: { readonly schema: object } };
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly previous_response_id?: string;
}

const captures = readdirSync(folder)
  .filter((file) => file.endsWith('.responses.json'))
  .flatMap((file) => {
    const requests: { body: CapturedBody }[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return requests.map(({ body }, index) => [`${file} #${index + 1}`, body] as const);
  });

/** What the clients' earlier answers were, as the server would have kept them. */
function findItem(id: string): StoredItem | undefined {
  if (id.startsWith('rs_')) return { id, type: 'reasoning', summary: [], status: 'completed' };
  if (!id.startsWith('msg_')) return undefined;
  const content = [{ type: 'output_text', text: 'done', annotations: [], logprobs: [] } as const];
  return { id, type: 'message', role: 'assistant', status: 'completed', content };
}
const history: StoredItem[] = [
  {
    id: 'msg_h',
    type: 'message',
    role: 'user',
    status: 'completed',
    content: [{ type: 'input_text', text: 'before' }],
  },
  {
    id: 'msg_a',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'answer', annotations: [], logprobs: [] }],
  },
];

it('there are captures of several clients', () => {
  expect(captures.length).toBeGreaterThanOrEqual(30);
});

describe('the captured request', () => {
  test.each(captures)('%s decodes whole', (_, body) => {
    const references = peekReferences(body);
    const before = references.previousResponseId === undefined ? [] : history;
    const request = decodeResponsesRequest(body, responsesContext({ findItem, history: before }));
    const { turn, ignored } = request;
    const input = typeof body.input === 'string' ? [{ role: 'user' }] : body.input;
    const count = (type: string) => input.filter((item) => item.type === type).length;
    const parts = turn.messages.flatMap((message): readonly { type: string }[] => message.parts);
    const own = (body.tools ?? []).filter(({ type }) => type === 'function' || type === 'custom');
    const grouped = (body.tools ?? []).flatMap((tool) => tool.tools ?? []);

    expect(references.itemIds).toHaveLength(count('item_reference'));
    expect(turn.system !== '').toBe('instructions' in body || input.some(({ role }) => role === 'developer'));
    expect(parts.filter(({ type }) => type === 'tool-result')).toHaveLength(count('function_call_output'));
    expect(parts.filter(({ type }) => type === 'tool-call')).toHaveLength(count('function_call'));
    expect(turn.messages.at(-1)?.role).toBe('user');
    expect(request.compactionTrigger).toBe(count('compaction_trigger') > 0);
    expect(request.inputItems).toHaveLength(input.length - count('compaction_trigger'));
    for (const item of request.inputItems) expect(item.id).toMatch(/^[a-z]+_\w/);
    expect(turn.tools.tools).toHaveLength(own.length + grouped.length);
    expect(request.settings.tools).toHaveLength(body.tools?.length ?? 0);
    expect(turn.profile.name).toBe(own.length > 0 ? 'model' : 'agent');
    expect(turn.output.schema).toEqual(body.text?.format?.schema);
    expect(request.stream).toBe(body.stream ?? false);
    expect(request.store).toBe(body.store ?? true);
    expect(request.hosted.webSearch).toBe(body.tools?.some(({ type }) => type === 'web_search') ?? false);
    const known =
      /^(?:text\.verbosity|tools\[\]\.(?:strict|web_search)|include\[reasoning\.encrypted_content\]|tools\[\d+\])$/;
    for (const { param } of ignored) expect(param).toMatch(known);
  });
});

it("gives a call of Codex's namespace the name of the tool", () => {
  const codex = captures.filter(([name]) => name.startsWith('codex.responses'));
  const [first, second] = codex.map(([, body]) => decodeResponsesRequest(body, responsesContext()));
  expect(first?.toolNamespaces.get('multi_agent_v1__close_agent')).toEqual({
    namespace: 'multi_agent_v1',
    name: 'close_agent',
  });
  expect(first?.turn.tools.tools.map(({ name }) => name)).toContain('multi_agent_v1__close_agent');
  const calls = second?.turn.messages.flatMap((message) =>
    message.role === 'assistant' ? message.parts : [],
  );
  expect(calls).toMatchObject([{ type: 'tool-call', name: 'multi_agent_v1__close_agent' }]);
});
