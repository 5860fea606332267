import type { WireError } from '../../openai/index.ts';

/** Is told what goes out to a client, whether or not it still listens, so that others can be given the same. */
export interface AnswerCopy {
  /** The whole answer, or the error in its place. */
  whole(status: number, body: unknown, headers: Readonly<Record<string, string>>): void;
  /** An event stream begins; `keepAliveData` as in `EventStreamOptions`. */
  begin(keepAliveData?: () => string): void;
  /** Frames of the stream. Resolves when more may come. */
  frames(text: string): Promise<void>;
  /** What is told next, whole or in the stream, is this failure. */
  fail(error: WireError): void;
  /** Of the stream. */
  end(): void;
}
