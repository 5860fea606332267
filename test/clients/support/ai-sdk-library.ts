import { loadClient } from './load-client.ts';
import { type Access, type Library, reportSchema } from './prove-abilities.ts';
import { weatherOf, weatherTool } from './weather.ts';

export interface Message {
  readonly role: string;
  readonly content: unknown;
}

export interface Settings {
  readonly model: object;
  readonly prompt?: string;
  readonly messages?: readonly Message[];
  readonly tools?: Readonly<Record<string, object>>;
  readonly stopWhen?: unknown;
  readonly maxRetries?: number;
  readonly providerOptions?: object;
  readonly abortSignal?: AbortSignal | undefined;
  readonly output?: object;
}

interface GenerateResult {
  readonly text: string;
  /** The messages of all steps in version 6, of the last step in version 7. */
  readonly response: { readonly messages: readonly Message[] };
  /** Of all steps, as of version 7. */
  readonly responseMessages?: readonly Message[];
  readonly output: unknown;
}

interface StreamPart {
  readonly type: string;
  readonly text?: string;
  readonly error?: unknown;
}

type StreamResult = {
  readonly [K in keyof GenerateResult]: PromiseLike<GenerateResult[K]>;
} & { readonly fullStream: AsyncIterable<StreamPart> };

export interface Ai {
  generateText(settings: Settings): Promise<GenerateResult>;
  streamText(settings: Settings & { onError?: (event: { error: unknown }) => void }): StreamResult;
  jsonSchema(schema: object): object;
  tool(tool: object): object;
  readonly Output: { object(options: { readonly schema: object }): object };
  readonly stepCountIs?: (count: number) => unknown;
  /** Its name as of version 7. */
  readonly isStepCount?: (count: number) => unknown;
}

export interface Answer {
  readonly text: string;
  readonly messages: readonly Message[];
}

/** A version of the SDK and a provider for it. */
export interface AiSdk {
  readonly ai: string;
  /** What it calls a failure in mid-stream. */
  readonly brokenOff: string;
  /** The model that the access names. */
  modelOf(access: Access): Promise<object>;
}

export async function settingsFor({ ai, modelOf }: AiSdk, access: Access): Promise<Settings> {
  const { stepCountIs, isStepCount } = await loadClient<Ai>(ai);
  const { maxRetries } = access;
  return {
    model: await modelOf(access),
    ...(maxRetries !== undefined && { maxRetries }),
    stopWhen: (isStepCount ?? stepCountIs)?.(5),
  };
}

export async function weatherTools({ ai }: AiSdk): Promise<Record<string, object>> {
  const { jsonSchema, tool } = await loadClient<Ai>(ai);
  return {
    [weatherTool.name]: tool({
      description: weatherTool.description,
      inputSchema: jsonSchema(weatherTool.parameters),
      execute: ({ city }: { city: string }) => weatherOf(city),
    }),
  };
}

const refused = 'AI_APICallError';

export function aiSdk(sdk: AiSdk): Library {
  const { brokenOff } = sdk;
  const generate = async (access: Access, more: Partial<Settings>): Promise<GenerateResult> => {
    const { generateText } = await loadClient<Ai>(sdk.ai);
    return generateText({ ...(await settingsFor(sdk, access)), ...more });
  };
  return {
    errors: { 401: refused, 404: refused, 503: refused, stream: brokenOff },
    ask: async (access, prompt, abortSignal) => (await generate(access, { prompt, abortSignal })).text,
    async *stream(access, prompt, abortSignal) {
      const { streamText } = await loadClient<Ai>(sdk.ai);
      const settings = await settingsFor(sdk, access);
      const { fullStream } = streamText({ ...settings, prompt, abortSignal, onError: () => {} });
      for await (const { type, text, error } of fullStream) {
        if (type === 'error') throw error;
        if (type === 'text-delta' && text !== undefined) yield text;
      }
    },
    converse: async (access, [first, second]) => {
      const asked = { role: 'user', content: first };
      const one = await generate(access, { messages: [asked] });
      const answered = one.responseMessages ?? one.response.messages;
      const two = await generate(access, {
        messages: [asked, ...answered, { role: 'user', content: second }],
      });
      return [one.text, two.text];
    },
    runTool: async (access, prompt) =>
      (await generate(access, { prompt, tools: await weatherTools(sdk) })).text,
    parse: async (access, prompt) => {
      const { Output } = await loadClient<Ai>(sdk.ai);
      return (await generate(access, { prompt, output: Output.object({ schema: reportSchema }) })).output;
    },
    see: async (access, prompt, picture) => {
      const content = [
        { type: 'text', text: prompt },
        { type: 'image', image: picture },
      ];
      return (await generate(access, { messages: [{ role: 'user', content }] })).text;
    },
  };
}
