/** What a client can do with a server like this one; the last is for agents only. */
export const abilities = [
  'plain',
  'streamed',
  'multi-turn',
  'function tool round trip',
  'parallel tools',
  'structured output',
  'image',
  'abort',
  'error shown properly',
  'real task',
] as const;

export type Ability = (typeof abilities)[number];

/** Chat Completions or Responses. */
export type Api = 'chat' | 'responses';

/** The abilities that are not tested, each with the reason in a few words. All others need a test. */
type Exceptions = Readonly<Partial<Record<Ability, string>>>;

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly kind: 'library' | 'agent';
  /** Where its packages lie from the repository's root on, or the file that pins it. */
  readonly packages: readonly string[];
  readonly over: Readonly<Partial<Record<Api, Exceptions>>>;
  /** What its users should know. */
  readonly note?: string;
}

const olderNode = 'asks for Node.js 22; it ran on 20 as well.';
const failsAsObject = 'a failure in mid-stream comes as a plain object with its message, not as an `Error`.';

const noOption = 'no such option';
const agentExceptions = {
  'structured output': noOption,
  image: 'not from its command line',
} as const;

/** Every client that is tested, as docs/clients.md shows it. Its tests say `client(id, api).ability(…)`, see client.ts. */
export const matrix = [
  {
    id: 'openai-6',
    name: 'OpenAI JavaScript 6',
    kind: 'library',
    packages: ['node_modules/openai'],
    over: { chat: {}, responses: {} },
  },
  {
    id: 'openai-7',
    name: 'OpenAI JavaScript 7',
    kind: 'library',
    packages: ['test/clients/node_modules/openai'],
    over: { chat: {}, responses: {} },
    note: olderNode,
  },
  {
    id: 'openai-python',
    name: 'OpenAI Python',
    kind: 'library',
    packages: ['test/clients/requirements.txt'],
    over: { chat: {}, responses: {} },
    note: 'tested where `python3` has this version of the package.',
  },
  {
    id: 'openai-agents',
    name: 'OpenAI Agents',
    kind: 'library',
    packages: ['test/clients/node_modules/@openai/agents'],
    over: { chat: {}, responses: {} },
  },
  {
    id: 'ai-sdk-6',
    name: 'AI SDK 6',
    kind: 'library',
    packages: ['test/clients/node_modules/ai', 'test/clients/node_modules/@ai-sdk/openai'],
    over: { chat: {}, responses: {} },
    note: failsAsObject,
  },
  {
    id: 'ai-sdk-7',
    name: 'AI SDK 7',
    kind: 'library',
    packages: ['test/clients/node_modules/ai-7', 'test/clients/node_modules/ai-sdk-openai-4'],
    over: { chat: {}, responses: {} },
    note: olderNode,
  },
  {
    id: 'ai-sdk-compatible',
    name: 'AI SDK 6, OpenAI-compatible provider',
    kind: 'library',
    packages: ['test/clients/node_modules/ai', 'test/clients/node_modules/@ai-sdk/openai-compatible'],
    over: { chat: {} },
    note: `give \`supportsStructuredOutputs: true\`; ${failsAsObject}`,
  },
  {
    id: 'langchain',
    name: 'LangChain JavaScript',
    kind: 'library',
    packages: ['test/clients/node_modules/@langchain/openai', 'test/clients/node_modules/@langchain/core'],
    over: { chat: {}, responses: {} },
    note: olderNode,
  },
  {
    id: 'llamaindex',
    name: 'LlamaIndex TypeScript',
    kind: 'library',
    packages: ['test/clients/node_modules/llamaindex', 'test/clients/node_modules/@llamaindex/openai'],
    over: {
      chat: {},
      responses: {
        streamed: 'it repeats texts: each later event tells the last delta again',
        'structured output': 'its Responses client ignores the schema',
      },
    },
    note:
      'Its provider for OpenAI is no longer maintained. Calls take no signal: give one as `additionalSessionOptions.fetchOptions.signal`. ' +
      'Over Responses it leaves its own answers out of the history: give `previousResponseId`.',
  },
  {
    id: 'codex',
    name: 'Codex CLI',
    kind: 'agent',
    packages: ['test/clients/node_modules/@openai/codex'],
    over: { responses: {} },
  },
  {
    id: 'opencode',
    name: 'opencode',
    kind: 'agent',
    packages: ['test/clients/node_modules/opencode-ai'],
    over: { chat: { 'structured output': noOption }, responses: { 'structured output': noOption } },
  },
  {
    id: 'continue',
    name: 'Continue CLI',
    kind: 'agent',
    packages: ['test/clients/node_modules/@continuedev/cli'],
    over: { chat: agentExceptions },
  },
  {
    id: 'cline',
    name: 'Cline CLI',
    kind: 'agent',
    packages: ['test/clients/node_modules/cline'],
    over: { chat: agentExceptions },
  },
  {
    id: 'qwen-code',
    name: 'Qwen Code',
    kind: 'agent',
    packages: ['test/clients/node_modules/@qwen-code/qwen-code'],
    over: { chat: {} },
  },
] as const satisfies readonly Client[];

export type ClientId = (typeof matrix)[number]['id'];

/** What its users can do with a client over an API. */
export function abilitiesOf(client: Client, api: Api): { ability: Ability; not?: string }[] {
  const exceptions = client.over[api] ?? {};
  return abilities
    .filter((ability) => client.kind === 'agent' || ability !== 'real task')
    .map((ability) => {
      const not = exceptions[ability];
      return not === undefined ? { ability } : { ability, not };
    });
}
