import path from 'node:path';
import { call, lastUserText, type Reply, say, text, thinking, type UpstreamRequest } from './upstream.ts';

/** Answers that upstream holds back until a test lets them go. */
export class Holding {
  readonly #held = new Set<() => void>();
  #reached: (() => void) | undefined;

  /** The next answer that asks for it is held back. */
  begin(): { readonly reached: Promise<void>; readonly release: () => void } {
    const reached = new Promise<void>((resolve) => {
      this.#reached = resolve;
    });
    return { reached, release: () => this.releaseAll() };
  }

  reply(): Reply {
    const hold = new Promise<void>((resolve) => this.#held.add(resolve));
    this.#reached?.();
    return { blocks: [text('This takes a while. ', 'I am still at it.')], hold };
  }

  releaseAll(): void {
    for (const release of this.#held) release();
    this.#held.clear();
  }
}

const page = `# Fjords

Long, narrow and deep.

| fjord | length |
|---|---|
| Sognefjord | 205 km |
| Hardangerfjord | 179 km |
`;

/** What upstream says, by what the user asked and how many tools have run since. */
export function scriptedAnswer(request: UpstreamRequest, holding: Holding): Reply {
  const { messages } = request;
  const isQuestion = ({ role, content }: (typeof messages)[number]): boolean =>
    role === 'user' && (typeof content === 'string' || content.every(({ type }) => type !== 'tool_result'));
  const last = messages.findLastIndex(isQuestion);
  const asked = lastUserText({ ...request, messages: messages.slice(0, last + 1) });
  const step = messages.slice(last + 1).filter(({ role }) => role === 'assistant').length;
  const command = /approve: (.+)/.exec(asked)?.[1];
  // What a client approved after the fact has to be called once more.
  const again = step === 1 && JSON.stringify(messages.at(-1)).includes('Make it now, exactly so.');
  if (command !== undefined)
    return step > 0 && !again
      ? say('That is settled.')
      : { blocks: [call('Bash', { command, description: 'As asked' })] };
  if (asked.includes('hold')) return holding.reply();
  if (asked.includes('fail'))
    return { error: { status: 400, type: 'invalid_request_error', message: 'This cannot be answered.' } };
  if (asked.includes('fjords')) return writeThePage(step, workingDirectory(request));
  return say(`You asked: ${asked.slice(-60)} `, 'Here is what I can say about it.');
}

function writeThePage(step: number, directory: string): Reply {
  const file_path = path.join(directory, 'fjords.md');
  const usage = { input_tokens: 1840, cache_read_input_tokens: 12_400, output_tokens: 310 };
  const steps: Reply[] = [
    {
      blocks: [
        thinking('A page about fjords: a text first, ', 'then a table, then a check of its length.'),
        text('I write the page first.\n\n'),
        call('Write', { file_path, content: page }),
      ],
    },
    {
      blocks: [
        call('Edit', {
          file_path,
          old_string: 'Long, narrow and deep.',
          new_string: 'Long, narrow and deep inlets of the sea, made by **glaciers**.',
        }),
      ],
    },
    { blocks: [call('Bash', { command: 'wc -l fjords.md && ls -la', description: 'Count the lines' })] },
  ];
  const next =
    steps[step] ?? say('The page is in `fjords.md`: ', 'an introduction and a table of the two longest.');
  return { ...next, usage };
}

/** As Claude Code tells it to the model. */
function workingDirectory(request: UpstreamRequest): string {
  const told = JSON.stringify([request.system, request.messages]);
  return /orking directory: ([^\\"\n]+)/.exec(told)?.[1] ?? '/';
}
