import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { createModelDirectory } from '../models.ts';
import { decodeChatRequest } from './decode-chat-request.ts';

/** What real clients sent, recorded on the wire (long texts cut). */
const folder = new URL('../../../test/fixtures/captures/', import.meta.url);
const context = {
  turnId: 't',
  owner: 'o',
  models: createModelDirectory({
    aliases: {},
    engineModels: [],
    profiles: { agent: agentProfile, model: modelProfile },
  }),
  profiles: { agent: agentProfile, model: modelProfile },
};

interface CapturedBody {
  readonly messages: readonly { readonly role: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly response_format?: { readonly json_schema: { readonly schema: object } };
  readonly stream?: boolean;
}

const captures = readdirSync(folder)
  .filter((file) => file.endsWith('.chat.json'))
  .flatMap((file) => {
    const requests: { body: CapturedBody }[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return requests.map(({ body }, index) => [`${file} #${index + 1}`, body] as const);
  });

it('there are captures of several clients', () => {
  expect(captures.length).toBeGreaterThanOrEqual(30);
});

describe('the captured request', () => {
  test.each(captures)('%s decodes whole', (_, body) => {
    const { turn, stream, ignored } = decodeChatRequest(body, context);
    const count = (role: string) => body.messages.filter((message) => message.role === role).length;
    const parts = turn.messages.flatMap((message): readonly { type: string }[] => message.parts);

    expect(turn.system !== '').toBe(count('system') > 0);
    expect(parts.filter(({ type }) => type === 'tool-result')).toHaveLength(count('tool'));
    expect(turn.messages.filter(({ role }) => role === 'assistant')).toHaveLength(count('assistant'));
    expect(turn.messages.at(-1)?.role).toBe('user');
    expect(turn.tools.tools.map(({ name }) => name)).toEqual(
      (body.tools ?? []).map((tool) => tool.function.name),
    );
    expect(turn.profile.name).toBe(body.tools ? 'model' : 'agent');
    expect(turn.output.schema).toEqual(body.response_format?.json_schema.schema);
    expect(stream).toBe(body.stream ?? false);
    for (const { param } of ignored) expect(['verbosity', 'tools[].function.strict']).toContain(param);
  });
});
