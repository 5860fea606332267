import OpenAI from 'openai';
import type { ConsoleClient } from './console-client.ts';
import { Holding, scriptedAnswer } from './furnished-answers.ts';
import { admin, type Credentials, type StaffedServer, startStaffedServer, viewer } from './staffed-server.ts';
import type { TestAppOptions } from './start-app.ts';

/** A server on which things have happened, for whoever looks at it through the console. */
export interface FurnishedServer extends StaffedServer {
  readonly admin: Credentials;
  readonly viewer: Credentials;
  /** The secret of the key `website`, whose workspace has files. */
  readonly secret: string;
  /** Of a run of that key: it thought, wrote, edited and ran a command. */
  readonly runId: string;
  /** Asks the agent with that key, and resolves once upstream holds the answer back; `release` lets it go on. */
  holdRun(): Promise<{ readonly release: () => void; readonly ended: Promise<unknown> }>;
  /** Asks for a shell command that somebody has to approve; resolves to the answer. */
  askForApproval(command: string): Promise<OpenAI.ChatCompletion>;
}

export async function startFurnishedServer(
  options: Omit<TestAppOptions, 'upstream'> = {},
): Promise<FurnishedServer> {
  const env = { RECORD_DETAIL: 'full', APPROVALS: 'console', ...options.env };
  const staffed = await startStaffedServer({ ...options, env });
  const { app, upstream, console } = staffed;
  const holding = new Holding();
  upstream.script((request) => scriptedAnswer(request, holding));
  await console.call('putProfile', {
    params: { name: 'careful' },
    body: { description: 'Asks before it changes anything.', permissionMode: 'default' },
  });
  const secret = await addKeys(console);
  const openai = (apiKey: string) => new OpenAI({ baseURL: app.baseUrl, apiKey, maxRetries: 0 });
  const website = openai(secret);
  const asked = (content: string, model = 'agent') => ({
    model,
    messages: [{ role: 'user' as const, content }],
  });
  const made = await website.chat.completions.create(asked('Make a page about the fjords')).withResponse();
  await website.chat.completions.create(asked('What is the capital of Norway?', 'model'));
  await website.chat.completions.create(asked('fail', 'model')).catch(() => {});
  const anybody = openai('anything');
  const { id } = await anybody.responses.create({ model: 'model', input: 'Plan a week in Bergen' });
  await anybody.responses.create({ model: 'model', input: 'And the food?', previous_response_id: id });
  return {
    ...staffed,
    admin,
    viewer,
    secret,
    runId: made.response.headers.get('x-request-id') ?? '',
    holdRun: async () => {
      const held = holding.begin();
      const ended = website.chat.completions.create(asked('hold')).catch(() => {});
      await held.reached;
      return { release: held.release, ended };
    },
    askForApproval: async (command) =>
      website.chat.completions.create(asked(`approve: ${command}`, 'careful')),
    [Symbol.asyncDispose]: async () => {
      holding.releaseAll();
      await staffed[Symbol.asyncDispose]();
    },
  };
}

async function addKeys(console: ConsoleClient): Promise<string> {
  const limits = { requestsPerMinute: 120, budgetUsdPerDay: 5, budgetUsdPerMonth: 80 };
  const website = await console.call('createKey', {
    body: { name: 'website', owner: 'Web team', description: 'The assistant on the start page', limits },
  });
  for (const [name, owner] of [
    ['ci', 'Platform'],
    ['ann’s laptop', 'Ann'],
  ] as const)
    await console.call('createKey', { body: { name, owner } });
  return website.secret;
}
