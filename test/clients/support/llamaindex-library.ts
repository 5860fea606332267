import { loadClient } from './load-client.ts';
import { type Access, type Library, reportSchema } from './prove-abilities.ts';
import { weatherOf, weatherTool } from './weather.ts';

interface Message {
  readonly role: string;
  readonly content: unknown;
  readonly options?: object;
}

interface ChatParams {
  readonly messages: readonly Message[];
  readonly responseFormat?: object;
}

interface Llm {
  chat(params: ChatParams & { readonly stream: true }): Promise<AsyncIterable<{ readonly delta: string }>>;
  chat(params: ChatParams): Promise<{ readonly message: Message; readonly raw: { readonly id: string } }>;
  exec(params: {
    readonly messages: readonly Message[];
    readonly tools: readonly object[];
  }): Promise<{ readonly newMessages: readonly Message[]; readonly toolCalls: readonly object[] }>;
}

interface Init extends Omit<Access, 'maxRetries'> {
  readonly maxRetries?: number;
  readonly additionalSessionOptions?: object;
  readonly store?: boolean;
  readonly previousResponseId?: string;
}

interface LlamaIndexOpenAI {
  openai(init: Init): Llm;
  openaiResponses(init: Init): Llm;
}

interface LlamaIndex {
  tool(options: object): object;
}

async function connect(
  { maxRetries, ...access }: Access,
  api: keyof LlamaIndexOpenAI,
  more: Partial<Init> = {},
): Promise<Llm> {
  const client = await loadClient<LlamaIndexOpenAI>('@llamaindex/openai');
  return client[api]({ ...access, ...(maxRetries !== undefined && { maxRetries }), ...more });
}

/** Its calls take no signal, and a stream that is left goes on; the `fetch` beneath can be told. */
function endedBy(signal: AbortSignal | undefined): Partial<Init> {
  return signal === undefined ? {} : { additionalSessionOptions: { fetchOptions: { signal } } };
}

function user(content: unknown): Message {
  return { role: 'user', content };
}

/** The text of a message: plain, or in parts. */
function textOf({ content }: Message): string {
  if (!Array.isArray(content)) return String(content);
  return content.map(({ text }: { text?: string }) => text ?? '').join('');
}

const errors = {
  401: 'AuthenticationError',
  404: 'NotFoundError',
  503: 'InternalServerError',
  stream: 'APIError',
};

export function overChat(): Library {
  return {
    ...overEither('openai'),
    async *stream(access, prompt, signal) {
      const llm = await connect(access, 'openai', endedBy(signal));
      for await (const { delta } of await llm.chat({ messages: [user(prompt)], stream: true }))
        if (delta !== '') yield delta;
    },
    converse: async (access, [first, second]) => {
      const llm = await connect(access, 'openai');
      const { message } = await llm.chat({ messages: [user(first)] });
      const answer = await llm.chat({ messages: [user(first), message, user(second)] });
      return [textOf(message), textOf(answer.message)];
    },
    parse: async (access, prompt) => {
      const llm = await connect(access, 'openai');
      const { message } = await llm.chat({ messages: [user(prompt)], responseFormat: reportSchema });
      return reportSchema.parse(JSON.parse(textOf(message)));
    },
  };
}

export function overResponses(): Library {
  return {
    ...overEither('openaiResponses'),
    // Of its own answers it sends nothing back, so the server has to remember them.
    converse: async (access, [first, second]) => {
      const llm = await connect(access, 'openaiResponses', { store: true });
      const { message, raw } = await llm.chat({ messages: [user(first)] });
      const next = { store: true, previousResponseId: raw.id };
      const goesOn = await connect(access, 'openaiResponses', next);
      const answer = await goesOn.chat({ messages: [user(second)] });
      return [textOf(message), textOf(answer.message)];
    },
  };
}

function overEither(api: keyof LlamaIndexOpenAI): Library {
  return {
    errors,
    ask: async (access, prompt, signal) => {
      const llm = await connect(access, api, endedBy(signal));
      return textOf((await llm.chat({ messages: [user(prompt)] })).message);
    },
    runTool: async (access, prompt) => {
      const llm = await connect(access, api);
      const { tool } = await loadClient<LlamaIndex>('llamaindex');
      const tools = [tool({ ...weatherTool, execute: ({ city }: { city: string }) => weatherOf(city) })];
      const asked = [user(prompt)];
      const first = await llm.exec({ messages: asked, tools });
      const second = await llm.exec({ messages: [...asked, ...first.newMessages], tools });
      return second.newMessages.map(textOf).join('');
    },
    see: async (access, prompt, picture) => {
      const llm = await connect(access, api);
      const content = [
        { type: 'text', text: prompt },
        { type: 'image_url', image_url: { url: picture } },
      ];
      return textOf((await llm.chat({ messages: [user(content)] })).message);
    },
  };
}
