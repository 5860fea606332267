import type { JsonObject } from '../../../agent/json-object.ts';
import type { SentFile } from '../../../chat/turns-of-items.ts';
import type { Answer, Dialect } from '../api/answer.ts';

/** What somebody answers to an answer: a decision, or the output of a tool of theirs. */
export type Reply =
  | {
      readonly kind: 'decision';
      readonly requestId: string;
      readonly name: string;
      readonly approve: boolean;
    }
  | { readonly kind: 'output'; readonly callId: string; readonly name: string; readonly output: string };

/** What was sent or received in a dialect, word for word: sent again in the same one. */
export interface Wire {
  readonly dialect: Dialect;
  readonly parts: readonly JsonObject[];
}

export interface UserTurn {
  readonly role: 'user';
  readonly id: string;
  readonly text: string;
  readonly files: readonly SentFile[];
  readonly replies: readonly Reply[];
  /** Of what was loaded; gone once it is edited. */
  readonly wire?: Wire;
}

export interface AnswerTurn extends Omit<Answer, 'raw'> {
  readonly role: 'assistant';
  readonly id: string;
  readonly state: 'streaming' | 'done' | 'stopped' | 'failed';
  readonly model: string;
  readonly wire: Wire;
  /** Null: not answered yet, or loaded. */
  readonly requestId: string | null;
  /** Milliseconds from the sending. */
  readonly firstTokenMs: number | undefined;
  readonly durationMs: number | undefined;
  /** Dollars; undefined: not known yet. */
  readonly costUsd: number | null | undefined;
  /** Parameters that had no effect. */
  readonly ignored: readonly string[];
}

/** An answer of which nothing is there. */
export const noAnswer: Omit<AnswerTurn, 'id' | 'model' | 'wire' | 'state'> = {
  role: 'assistant',
  parts: [],
  artifacts: [],
  artifactsOmitted: 0,
  tokens: undefined,
  responseId: undefined,
  finish: undefined,
  failure: undefined,
  requestId: null,
  firstTokenMs: undefined,
  durationMs: undefined,
  costUsd: undefined,
  ignored: [],
};

export type Turn = UserTurn | AnswerTurn;

/** The controls, as they are typed. Empty: left to the server. */
export interface Settings {
  readonly dialect: Dialect;
  readonly model: string;
  readonly system: string;
  readonly effort: string;
  readonly temperature: string;
  readonly maxTokens: string;
  /** JSON schema that the answer has to fit. */
  readonly schema: string;
  /** Responses: the agent's tools with input and output. */
  readonly showWork: boolean;
  readonly codeInterpreter: boolean;
  readonly webSearch: boolean;
  /** JSON object of further fields of the request. */
  readonly extra: string;
}

export const firstSettings: Settings = {
  dialect: 'responses',
  model: '',
  system: '',
  effort: '',
  temperature: '',
  maxTokens: '',
  schema: '',
  showWork: true,
  codeInterpreter: false,
  webSearch: false,
  extra: '',
};

/** Where a conversation came from. */
export interface Origin {
  readonly kind: 'record' | 'conversation';
  readonly id: string;
  /** What has to be known of it; empty: nothing. */
  readonly note: string;
}

export interface Conversation {
  readonly turns: readonly Turn[];
  /** `conv_…`, which keeps the items on the server: every request goes to its end. */
  readonly stored: string | undefined;
  readonly origin: Origin | undefined;
}

export const emptyConversation: Conversation = { turns: [], stored: undefined, origin: undefined };
