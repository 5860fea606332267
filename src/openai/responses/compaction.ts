import { isJsonObject, type Turn, type UserMessage } from '../../turn/index.ts';

/** Marks our own content, so that sealed texts of another kind are not taken for it. */
const version = 'compaction/1';

/** A summary as a compaction item's `encrypted_content`. `seal` is authenticated encryption. */
export function sealCompaction(summary: string, seal: (text: string) => string): string {
  return seal(JSON.stringify({ version, summary }));
}

/** The summary; undefined if it was not sealed here. `open` gives undefined for what `seal` did not make. */
export function openCompaction(
  encryptedContent: string,
  open: (sealed: string) => string | undefined,
): string | undefined {
  const text = open(encryptedContent);
  if (text === undefined) return undefined;
  const content = parseJson(text);
  if (!isJsonObject(content) || content['version'] !== version) return undefined;
  const { summary } = content;
  return typeof summary === 'string' ? summary : undefined;
}

const instruction = `The conversation above is about to be replaced by a summary. Write that summary: a handoff to the one who goes on, who will see nothing else of what was said.

Say, as far as it applies:
- what the user wants, with their constraints and preferences in their own words
- what was done and found out, and which decisions were taken and why
- the state of things now: files, commands, values, identifiers and quotes that are needed to go on
- what is left to do, and the next step

Be exact and complete rather than short. Write only the summary, without any preamble, and call no tools.`;

/** The turn that asks for the summary of a conversation, with the same prefix, which upstream has in its cache. */
export function compactionTurn(turn: Turn): Turn {
  return {
    ...turn,
    messages: askLast(turn.messages),
    tools: { ...turn.tools, choice: { type: 'none' } },
    output: { stop: [] },
  };
}

/** Results of tools and what is asked after them lie in one message. */
function askLast(messages: Turn['messages']): Turn['messages'] {
  const question = { type: 'text', text: instruction } as const;
  const last = messages.at(-1);
  const joins = last?.role === 'user' && last.parts[0]?.type === 'tool-result';
  if (!joins) return [...messages, { role: 'user', parts: [question] }];
  const joined: UserMessage = { role: 'user', parts: [...last.parts, question] };
  return [...messages.slice(0, -1), joined];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
