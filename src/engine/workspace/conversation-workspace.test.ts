import { expect, test } from 'vitest';
import { fingerprints, type Message, type Turn } from '../../turn/index.ts';
import { findConversationWorkspace, marksOf } from './conversation-workspace.ts';
import { directoryOfPlace } from './workspace-names.ts';

type Continued = Parameters<typeof findConversationWorkspace>[0];

const says = (role: 'user' | 'assistant', text: string): Message => ({
  role,
  parts: [{ type: 'text', text }],
});
const hello = [says('user', 'hi'), says('assistant', 'hello')];
const longer = [...hello, says('user', 'and'), says('assistant', 'so on')];

/** What is known, by owner and mark. */
function known(marks: Readonly<Record<string, string>>) {
  const asked: (readonly string[])[] = [];
  const find = async (owner: string, wanted: readonly string[]): Promise<string | null> => {
    asked.push(wanted);
    const found = wanted.find((mark) => marks[`${owner} ${mark}`] !== undefined);
    return found === undefined ? null : (marks[`${owner} ${found}`] ?? null);
  };
  return { find, asked };
}

function turnOf(more: Partial<Continued> = {}): Continued {
  return { id: 'turn_1', owner: 'ann', messages: [says('user', 'hi')], ...more };
}

const conversationOf = (messages: readonly Message[]): string => fingerprints(messages).at(-1) ?? '';

test('a first turn has a workspace of its own, whatever it says, and needs no look-up', async () => {
  const { find, asked } = known({});
  const one = await findConversationWorkspace(turnOf(), { find });
  expect(one).toMatch(/^conversation-[0-9a-f]{24}$/);
  expect(await findConversationWorkspace(turnOf(), { find })).toBe(one);
  expect(await findConversationWorkspace(turnOf({ id: 'turn_2' }), { find })).not.toBe(one);
  expect(asked).toEqual([]);
});

test('the longest known beginning of what was said has it, whatever was said since', async () => {
  const { find } = known({
    [`ann ${conversationOf(hello)}`]: 'short',
    [`ann ${conversationOf(longer)}`]: 'long',
    [`bob ${conversationOf([...longer, says('user', 'x'), says('assistant', 'y')])}`]: 'foreign',
  });
  const messages = [...longer, says('user', 'x'), says('assistant', 'y'), says('user', 'now')];
  expect(await findConversationWorkspace(turnOf({ messages }), { find })).toBe('long');
  expect(await findConversationWorkspace(turnOf({ messages: messages.slice(0, 3) }), { find })).toBe('short');
  const other = [says('user', 'other'), says('assistant', 'hello'), says('user', 'now')];
  expect(await findConversationWorkspace(turnOf({ messages: other }), { find })).toMatch(/^conversation-/);
});

test('what the client names comes first', async () => {
  const { find } = known({
    'ann turn:resp_1': 'of the turn',
    'ann conversation:conv_1': 'of the conversation',
    [`ann ${conversationOf(hello)}`]: 'of what was said',
  });
  const messages = [...hello, says('user', 'now')];
  const of = (partOf: Turn['partOf']) =>
    findConversationWorkspace(turnOf({ messages, ...(partOf && { partOf }) }), { find });
  expect(await of({ type: 'turn', id: 'resp_1' })).toBe('of the turn');
  expect(await of({ type: 'conversation', id: 'conv_1' })).toBe('of the conversation');
  expect(await of({ type: 'turn', id: 'conv_1' })).toBe('of what was said');
  expect(await findConversationWorkspace(turnOf({ messages, after: 'resp_1' }), { find })).toBe(
    'of the turn',
  );
});

test('turns that begin a kept conversation together agree on its workspace', async () => {
  const { find } = known({});
  const partOf = { type: 'conversation', id: 'conv_1' } as const;
  const one = await findConversationWorkspace(turnOf({ partOf }), { find });
  expect(await findConversationWorkspace(turnOf({ partOf, id: 'turn_2' }), { find })).toBe(one);
  const other = { ...partOf, id: 'conv_2' };
  expect(await findConversationWorkspace(turnOf({ partOf: other }), { find })).not.toBe(one);
});

test('after a turn the conversation is found by all that may be said of it', () => {
  const partOf = { type: 'conversation', id: 'conv_1' } as const;
  expect(marksOf({ id: 'turn_1', partOf }, 'print')).toEqual(['turn:turn_1', 'print', 'conversation:conv_1']);
  expect(marksOf({ id: 'turn_1', partOf: { type: 'turn', id: 'turn_0' } }, 'print')).toEqual([
    'turn:turn_1',
    'print',
  ]);
});

test('the same id is another directory for another owner, but for those that several have', () => {
  const nameOf = (owner: string, workspaceId: string) => directoryOfPlace({ owner, workspaceId });
  for (const id of ['conversation-0', 'cntr_1', 'owner-0', 'anything/../else', 'directory-../x'])
    expect(nameOf('ann', id)).not.toBe(nameOf('bob', id));
  for (const id of ['cntr_1', 'owner-0', '../..', 'directory-', 'directory-../x', '.removing-1'])
    expect(nameOf('ann', id)).toMatch(/^container-[0-9a-f]{24}$/);
  expect(nameOf('ann', 'directory-team')).toBe('directory-team');
  expect(nameOf('bob', 'directory-team')).toBe('directory-team');
  expect(nameOf('ann', 'shared')).toBeUndefined();
});
