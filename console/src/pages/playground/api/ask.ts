import { textField } from '../../../agent/json-object.ts';
import type { PlaygroundRequest } from '../state/build-request.ts';
import type { Answer, AnswerReader } from './answer.ts';
import { ChatAnswer } from './chat-answer.ts';
import { readEvents } from './event-parser.ts';
import { type Failure, readFailure, unreachable } from './failure.ts';
import { ResponsesAnswer } from './responses-answer.ts';

export interface AskListener {
  /** The head is there. */
  readonly onHead: (head: { readonly requestId: string | null; readonly ignored: readonly string[] }) => void;
  /** Something to see came; called often. */
  readonly onProgress: (read: () => Answer) => void;
}

/** How it ended: the answer as far as it came, and what went wrong. */
export interface AskEnd {
  readonly answer: Answer;
  readonly stopped: boolean;
  readonly failure: Failure | undefined;
}

/** Asks the public API and reads its stream to the end. Does not throw. */
export async function ask(
  { endpoint, body }: PlaygroundRequest,
  { secret, signal }: { readonly secret: string | undefined; readonly signal: AbortSignal },
  { onHead, onProgress }: AskListener,
): Promise<AskEnd> {
  const reader: AnswerReader = endpoint === '/v1/responses' ? new ResponsesAnswer() : new ChatAnswer();
  const end = (failure?: Failure): AskEnd => {
    const answer = reader.read();
    return {
      answer,
      stopped: signal.aborted,
      failure: signal.aborted ? undefined : (failure ?? answer.failure),
    };
  };
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      credentials: 'omit',
      headers: {
        'content-type': 'application/json',
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify(body),
      signal,
    });
    const ignored = response.headers.get('x-claudecode-ignored') ?? '';
    onHead({
      requestId: response.headers.get('x-request-id'),
      ignored: ignored.split(',').flatMap((name) => name.trim() || []),
    });
    if (!response.ok) return end(await readFailure(response));
    if (response.body === null) return end(unreachable);
    for await (const { data } of readEvents(response.body)) {
      if (data === '[DONE]') break;
      if (reader.take(parse(data))) onProgress(() => reader.read());
    }
    const { finish, failure } = reader.read();
    return end(finish === undefined && failure === undefined ? brokenOff : undefined);
  } catch (error) {
    const name = textField(error, 'name') ?? (error instanceof Error ? error.name : '');
    return end(name === 'AbortError' ? undefined : reader.read().parts.length > 0 ? brokenOff : unreachable);
  }
}

const brokenOff: Failure = {
  ...unreachable,
  message: 'The connection broke before the answer had ended.',
  code: 'broken_off',
};

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
