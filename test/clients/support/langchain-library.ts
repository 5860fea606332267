import { loadClient } from './load-client.ts';
import { type Access, type Library, reportSchema } from './prove-abilities.ts';
import { weatherOf, weatherTool } from './weather.ts';

export interface Message {
  readonly text: string;
}

interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface AssistantMessage extends Message {
  readonly tool_calls?: readonly ToolCall[];
  concat(next: AssistantMessage): AssistantMessage;
}

type Input = string | readonly Message[];
type CallOptions = { readonly signal?: AbortSignal | undefined };

export interface Chat {
  invoke(messages: Input, options?: CallOptions): Promise<AssistantMessage>;
  stream(messages: Input, options?: CallOptions): Promise<AsyncIterable<AssistantMessage>>;
}

interface ChatOpenAI extends Chat {
  bindTools(tools: readonly object[]): Chat;
  withStructuredOutput(schema: object, config: object): { invoke(messages: Input): Promise<unknown> };
}

interface LangChainOpenAI {
  readonly ChatOpenAI: new (fields: object) => ChatOpenAI;
}

interface LangChainMessages {
  readonly HumanMessage: new (content: string | { readonly content: readonly object[] }) => Message;
  readonly ToolMessage: new (fields: { content: string; tool_call_id: string }) => Message;
}

export async function connect(access: Access, useResponsesApi: boolean): Promise<ChatOpenAI> {
  const { ChatOpenAI } = await loadClient<LangChainOpenAI>('@langchain/openai');
  const { baseURL, apiKey, model, maxRetries } = access;
  return new ChatOpenAI({
    model,
    apiKey,
    useResponsesApi,
    ...(maxRetries !== undefined && { maxRetries }),
    configuration: { baseURL },
  });
}

export const boundTools = [{ type: 'function', function: weatherTool }];

export function messages(): Promise<LangChainMessages> {
  return loadClient<LangChainMessages>('@langchain/core/messages');
}

/** The results of the weather tool, as messages. */
export async function runCalls({ tool_calls = [] }: AssistantMessage): Promise<Message[]> {
  const { ToolMessage } = await messages();
  return tool_calls.map(
    ({ id, args }) => new ToolMessage({ content: weatherOf(String(args['city'])), tool_call_id: id }),
  );
}

export function langChain(useResponsesApi: boolean): Library {
  return {
    errors: {
      401: 'AuthenticationError',
      404: 'NotFoundError',
      503: 'InternalServerError',
      stream: 'APIError',
    },
    ask: async (access, prompt, signal) =>
      (await (await connect(access, useResponsesApi)).invoke(prompt, { signal })).text,
    async *stream(access, prompt, signal) {
      const chat = await connect(access, useResponsesApi);
      for await (const { text } of await chat.stream(prompt, { signal })) if (text !== '') yield text;
    },
    converse: async (access, [first, second]) => {
      const chat = await connect(access, useResponsesApi);
      const { HumanMessage } = await messages();
      const one = await chat.invoke([new HumanMessage(first)]);
      const two = await chat.invoke([new HumanMessage(first), one, new HumanMessage(second)]);
      return [one.text, two.text];
    },
    runTool: async (access, prompt) => {
      const chat = (await connect(access, useResponsesApi)).bindTools(boundTools);
      const { HumanMessage } = await messages();
      const human = new HumanMessage(prompt);
      const first = await chat.invoke([human]);
      return (await chat.invoke([human, first, ...(await runCalls(first))])).text;
    },
    parse: async (access, prompt) => {
      const chat = await connect(access, useResponsesApi);
      return chat.withStructuredOutput(reportSchema, { name: 'report', method: 'jsonSchema' }).invoke(prompt);
    },
    see: async (access, prompt, picture) => {
      const chat = await connect(access, useResponsesApi);
      const { HumanMessage } = await messages();
      const content = [
        { type: 'text', text: prompt },
        { type: 'image_url', image_url: { url: picture } },
      ];
      return (await chat.invoke([new HumanMessage({ content })])).text;
    },
  };
}
