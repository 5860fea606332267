import path from 'node:path';
import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';

/** Milliseconds between the pieces of an answer: slow enough to see it stream. */
const pace = 40;

/**
 * A scripted stand-in for the Anthropic API on loopback. Asked anything, it has the agent write a file and then says
 * so; whatever else happens (the agent, its tools, the file) is real.
 */
export async function startScriptedClaude(workspace: string): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', latency: pace, chunkSize: 12 });
  const file = path.join(workspace, 'hello.md');
  const offersWrite = (request: ChatCompletionRequest): boolean =>
    request.tools?.some((tool) => tool.function.name === 'Write') ?? false;
  const usage = { input_tokens: 1200, output_tokens: 60 };

  mock.on(
    { predicate: (request) => request.messages.at(-1)?.role === 'tool' },
    { content: 'Done: I wrote `hello.md` into the workspace. Open it and see.', usage },
  );
  mock.on({ predicate: offersWrite }, (request) => ({
    content: 'This is the scripted demo model. I will write a file with what you asked.',
    toolCalls: [
      {
        name: 'Write',
        arguments: JSON.stringify({ file_path: file, content: `# You asked\n\n${questionOf(request)}\n` }),
      },
    ],
    usage,
  }));
  mock.on(
    { predicate: () => true },
    {
      content: 'This is the scripted demo model, without tools this time. Your request came through.',
      usage,
    },
  );
  await mock.start();
  return mock;
}

function questionOf({ messages }: ChatCompletionRequest): string {
  const content = messages.findLast((message) => message.role === 'user')?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n');
  // Claude Code adds reminders of its own.
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim();
}
