import { describe, expect, it, test } from 'vitest';
import { agentProfile, type Message, modelProfile } from '../../turn/index.ts';
import { openWebuiTitle } from '../testing/side-requests.ts';
import { type AskedService, chooseService } from './choose-service.ts';

const small = { model: 'haiku', adaptiveThinking: false };
const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const prompt = openWebuiTitle.messages.map(({ content }) => user(content));
const asked: AskedService = {
  system: '',
  messages: prompt,
  profile: agentProfile,
  model: { model: 'opus', adaptiveThinking: true },
  effort: 'high',
  isPlain: true,
};
const { messages, profile, model, effort } = asked;
const asAsked = { messages, profile, model, effort };

it('a side request is for the small model, without tools', () => {
  expect(chooseService(asked, { model: small })).toEqual({
    messages: prompt,
    profile: modelProfile,
    model: small,
    effort: 'none',
    sideRequest: 'title',
  });
});

it('who may not use the small model gets its own without tools', () => {
  expect(chooseService(asked, {})).toMatchObject({
    profile: modelProfile,
    model: asked.model,
    sideRequest: 'title',
  });
});

test.each<[string, Partial<AskedService>, Parameters<typeof chooseService>[1]]>([
  ['where they are not told from others', {}, undefined],
  ['with tools', { isPlain: false }, { model: small }],
  ['in other words', { messages: [user('Generate a title')] }, { model: small }],
  ['with a picture', { messages: [...prompt, withPicture()] }, { model: small, announced: 'title' }],
])('%s a request is served as it asks', (_, change, service) => {
  expect(chooseService({ ...asked, ...change }, service)).toEqual({
    ...asAsked,
    ...(change.messages && { messages: change.messages }),
  });
});

it('what a request says that it is needs no known words', () => {
  const german = { ...asked, messages: [user('Nenne dieses Gespräch')] };
  expect(chooseService(german, { announced: 'tags' }).sideRequest).toBe('tags');
});

describe('of the conversation before it', () => {
  it('only the words go along', () => {
    const result = { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'snow' }] } as const;
    const conversation: Message[] = [
      withPicture(),
      { role: 'assistant', parts: [{ type: 'text', text: 'A harbour.' }] },
      user('Is it cold there?'),
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'Let me look.' },
          { type: 'tool-call', callId: 'c1', name: 'weather', arguments: {} },
        ],
      },
      { role: 'user', parts: [result] },
      { role: 'assistant', parts: [{ type: 'text', text: 'It is.' }] },
      user('Name it.'),
    ];
    const chosen = chooseService({ ...asked, messages: conversation }, { model: small, announced: 'title' });
    expect(chosen.messages).toEqual([
      user('Is it cold there?'),
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'Let me look.' },
          { type: 'text', text: 'It is.' },
        ],
      },
      user('Name it.'),
    ]);
  });
});

function withPicture(): Message {
  return {
    role: 'user',
    parts: [{ type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } }],
  };
}
