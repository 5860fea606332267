import { expect } from 'vitest';
import { loadClient } from './load-client.ts';
import { type Access, type Library, reportSchema } from './prove-abilities.ts';
import { weatherOf, weatherTool } from './weather.ts';

interface RunResult {
  readonly finalOutput: unknown;
  readonly lastResponseId: string | undefined;
  readonly history: readonly object[];
}

interface StreamedRunResult extends RunResult {
  readonly completed: Promise<void>;
  toTextStream(): AsyncIterable<string>;
}

interface RunOptions {
  readonly previousResponseId?: string;
  readonly conversationId?: string;
  readonly session?: object;
  readonly signal?: AbortSignal | undefined;
}

type Input = string | readonly object[];

interface Runner {
  run(agent: object, input: Input, options: RunOptions & { stream: true }): Promise<StreamedRunResult>;
  run(agent: object, input: Input, options?: RunOptions): Promise<RunResult>;
}

interface Agents {
  readonly Agent: new (options: object) => object;
  readonly Runner: new (options: object) => Runner;
  readonly OpenAIProvider: new (options: object) => object;
  readonly OpenAIConversationsSession: new (options: object) => object;
  tool(options: object): object;
}

interface OpenAIClient {
  readonly default: new (options: object) => object;
}

/** A runner that reports to nobody, agents for it, and its sessions. */
export async function connect({ baseURL, apiKey, model, maxRetries }: Access, useResponses: boolean) {
  const { Agent, Runner, OpenAIProvider, OpenAIConversationsSession, tool } =
    await loadClient<Agents>('@openai/agents');
  const { default: OpenAI } = await loadClient<OpenAIClient>('openai');
  const openAIClient = new OpenAI({ baseURL, apiKey, ...(maxRetries !== undefined && { maxRetries }) });
  return {
    runner: new Runner({
      modelProvider: new OpenAIProvider({ openAIClient, useResponses }),
      // Traces would go to OpenAI.
      tracingDisabled: true,
    }),
    newAgent: (more: object = {}) => new Agent({ name: 'Weatherman', model, ...more }),
    newTool: () =>
      tool({ ...weatherTool, strict: true, execute: ({ city }: { city: string }) => weatherOf(city) }),
    newSession: () => new OpenAIConversationsSession({ baseURL, apiKey }),
  };
}

export function openaiAgents(useResponses: boolean): Library {
  const run = async (access: Access, input: Input, options?: RunOptions): Promise<RunResult> => {
    const { runner, newAgent } = await connect(access, useResponses);
    return runner.run(newAgent(), input, options);
  };
  return {
    errors: {
      401: 'AuthenticationError',
      404: 'NotFoundError',
      503: 'InternalServerError',
      stream: 'APIError',
    },
    ask: async (access, prompt, signal) => String((await run(access, prompt, { signal })).finalOutput),
    async *stream(access, prompt, signal) {
      const { runner, newAgent } = await connect(access, useResponses);
      const result = await runner.run(newAgent(), prompt, { stream: true, signal });
      let text = '';
      for await (const delta of result.toTextStream()) {
        text += delta;
        yield delta;
      }
      await result.completed;
      if (!signal.aborted) expect(result.finalOutput).toBe(text);
    },
    converse: async (access, [first, second]) => {
      const one = await run(access, first);
      const two = await run(access, [...one.history, { role: 'user', content: second }]);
      return [String(one.finalOutput), String(two.finalOutput)];
    },
    runTool: async (access, prompt) => {
      const { runner, newAgent, newTool } = await connect(access, useResponses);
      return String((await runner.run(newAgent({ tools: [newTool()] }), prompt)).finalOutput);
    },
    parse: async (access, prompt) => {
      const { runner, newAgent } = await connect(access, useResponses);
      return (await runner.run(newAgent({ outputType: reportSchema }), prompt)).finalOutput;
    },
    see: async (access, prompt, picture) => {
      const content = [
        { type: 'input_text', text: prompt },
        { type: 'input_image', image: picture },
      ];
      return String((await run(access, [{ role: 'user', content }])).finalOutput);
    },
  };
}
