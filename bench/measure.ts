import OpenAI from 'openai';

/** Milliseconds from asking to the first piece of the answer's text, and the whole answer. */
export interface FirstToken {
  readonly milliseconds: number;
  readonly text: string;
}

export type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

/** Asks as a client does and stops the clock at the first text. */
export async function timeToFirstToken(
  baseURL: string,
  model: string,
  messages: Messages,
): Promise<FirstToken> {
  const openai = new OpenAI({ baseURL, apiKey: 'sk-bench', maxRetries: 0 });
  const start = performance.now();
  const stream = await openai.chat.completions.create({ model, messages, stream: true });
  let milliseconds: number | undefined;
  let text = '';
  for await (const chunk of stream) {
    const { content } = chunk.choices[0]?.delta ?? {};
    if (!content) continue;
    milliseconds ??= performance.now() - start;
    text += content;
  }
  if (milliseconds === undefined) throw new Error('the answer had no text');
  return { milliseconds, text };
}

export interface FirstOfResponse extends FirstToken {
  /** Milliseconds to the first event. */
  readonly firstEvent: number;
  readonly id: string;
}

/** The same of the Responses API; with `after`, the next turn of that response. */
export async function timeOfResponse(
  baseURL: string,
  model: string,
  input: string,
  after?: string,
): Promise<FirstOfResponse> {
  const openai = new OpenAI({ baseURL, apiKey: 'sk-bench', maxRetries: 0 });
  const start = performance.now();
  const stream = await openai.responses.create({
    model,
    input,
    stream: true,
    ...(after === undefined ? {} : { previous_response_id: after }),
  });
  let firstEvent: number | undefined;
  let milliseconds: number | undefined;
  let text = '';
  let id = '';
  for await (const event of stream) {
    firstEvent ??= performance.now() - start;
    if (event.type === 'response.created') id = event.response.id;
    if (event.type !== 'response.output_text.delta') continue;
    milliseconds ??= performance.now() - start;
    text += event.delta;
  }
  if (milliseconds === undefined || firstEvent === undefined) throw new Error('the answer had no text');
  return { milliseconds, firstEvent, text, id };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 0 ? (low + high) / 2 : high;
}

/** One line of a table: name, median, lowest and highest in milliseconds. */
export function row(name: string, values: readonly number[], more = ''): string {
  const cells = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(value < 10 ? 1 : 0).padStart(8),
  );
  return `${name.padEnd(44)}${cells.join('')}  ${more}`.trimEnd();
}
