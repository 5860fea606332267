import { ConsoleError } from '../../api/console-error.ts';
import { readEvents } from '../playground/api/event-parser.ts';

export interface TestAnswer {
  readonly text: string;
  /** What the agent thinks and does, where the server shows it. */
  readonly reasoning: string;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** Names the run, also while it goes on. */
  readonly requestId: string | undefined;
}

interface AskOptions {
  readonly profile: string;
  readonly prompt: string;
  readonly secret: string | undefined;
  readonly signal: AbortSignal;
  /** Told the answer so far whenever there is more of it. */
  readonly onProgress: (answer: TestAnswer) => void;
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null; readonly reasoning_content?: string | null };
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: { readonly message?: string; readonly code?: string | null };
}

/** Asks a profile as a client of the API would, streaming. @throws {ConsoleError} */
export async function askProfile({ profile, prompt, secret, signal, onProgress }: AskOptions): Promise<void> {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    credentials: 'omit',
    signal,
    headers: {
      'content-type': 'application/json',
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify({
      model: profile,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: prompt }],
    }),
  });
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (!response.ok || response.body === null)
    throw errorOf(await response.json().catch(() => ({})), response.status, requestId);
  let answer: TestAnswer = {
    text: '',
    reasoning: '',
    inputTokens: undefined,
    outputTokens: undefined,
    requestId,
  };
  onProgress(answer);
  for await (const { data } of readEvents(response.body)) {
    if (data === '[DONE]') return;
    const chunk: Chunk = JSON.parse(data);
    if (chunk.error !== undefined) throw errorOf(chunk, response.status, requestId);
    answer = withChunk(answer, chunk);
    onProgress(answer);
  }
}

function withChunk(answer: TestAnswer, { choices, usage }: Chunk): TestAnswer {
  const delta = choices?.[0]?.delta;
  return {
    ...answer,
    text: answer.text + (delta?.content ?? ''),
    reasoning: answer.reasoning + (delta?.reasoning_content ?? ''),
    inputTokens: usage?.prompt_tokens ?? answer.inputTokens,
    outputTokens: usage?.completion_tokens ?? answer.outputTokens,
  };
}

function errorOf({ error }: Chunk, status: number, requestId: string | undefined): ConsoleError {
  return new ConsoleError(error?.message ?? `The server answered with status ${status}.`, {
    status,
    code: error?.code ?? null,
    requestId: requestId ?? null,
  });
}
