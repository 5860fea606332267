import type { Answer } from '../api/answer.ts';
import type { AskEnd, ask as askApi } from '../api/ask.ts';
import { buildRequest } from './build-request.ts';
import {
  type AnswerTurn,
  type Conversation,
  emptyConversation,
  firstSettings,
  noAnswer,
  type Settings,
  type Turn,
  type UserTurn,
} from './conversation.ts';
import type { Keeper } from './keep-conversation.ts';

export interface PlaygroundState {
  readonly conversation: Conversation;
  readonly settings: Settings;
  readonly running: boolean;
}

export interface StoreOptions {
  readonly ask: typeof askApi;
  readonly keeper: Keeper;
  readonly newId?: () => string;
  readonly now?: () => number;
}

/** Texts come in many small pieces: they are shown together. */
const showEveryMs = 60;

/** The conversation of the playground. It outlives the page, also while an answer is coming. */
export class PlaygroundStore {
  readonly #options: StoreOptions;
  readonly #listeners = new Set<() => void>();
  #state: PlaygroundState;
  #abort: AbortController | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
    const kept = options.keeper.read();
    this.#state = { conversation: emptyConversation, settings: firstSettings, ...kept, running: false };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get = (): PlaygroundState => this.#state;

  change(settings: Partial<Settings>): void {
    this.#set({ settings: { ...this.#state.settings, ...settings } });
    this.#keep();
  }

  /** Says something and asks for the answer. */
  async send(said: Pick<UserTurn, 'text' | 'files' | 'replies'>, secret: string | undefined): Promise<void> {
    if (this.#state.running) return;
    const turn: UserTurn = { role: 'user', id: this.#newId(), ...said };
    this.#setTurns([...this.#state.conversation.turns, turn]);
    await this.answer(secret);
  }

  /** Asks for an answer to what is said so far. An answer at the end is taken away first. */
  async answer(secret: string | undefined): Promise<void> {
    if (this.#state.running) return;
    const { turns } = this.#state.conversation;
    const last = turns.findLastIndex((turn) => turn.role === 'user');
    if (last === -1) return;
    this.#setTurns(turns.slice(0, last + 1));
    const { answer, model } = await this.#ask(secret, false);
    // The server does not have the response (any more), or it had failed: all that was said is sent instead.
    const gone = answer.failure?.code?.startsWith('previous_response_not') === true;
    if (gone && model === this.#state.settings.model) {
      this.#setTurns(this.#state.conversation.turns.slice(0, last + 1));
      await this.#ask(secret, true);
    }
  }

  /** Another answer in the place of one, and without what followed it. */
  async regenerate(id: string, secret: string | undefined): Promise<void> {
    const index = this.#indexOf(id);
    if (this.#state.running || index < 1) return;
    this.#setTurns(this.#state.conversation.turns.slice(0, index));
    await this.answer(secret);
  }

  /** Says something otherwise; what followed it is gone. */
  async edit(id: string, text: string, secret: string | undefined): Promise<void> {
    const index = this.#indexOf(id);
    const turn = this.#state.conversation.turns[index];
    if (this.#state.running || turn?.role !== 'user') return;
    const { wire: _, ...rest } = turn;
    this.#setTurns([...this.#state.conversation.turns.slice(0, index), { ...rest, text }]);
    await this.answer(secret);
  }

  stop(): void {
    this.#abort?.abort();
  }

  clear(): void {
    this.load(emptyConversation, {});
  }

  /** As if nobody had been here. */
  forget(): void {
    this.load(emptyConversation, firstSettings);
  }

  /** Puts another conversation into the place of this one. */
  load(conversation: Conversation, settings: Partial<Settings>): void {
    this.stop();
    this.#abort = undefined;
    this.#set({ conversation, settings: { ...this.#state.settings, ...settings }, running: false });
    this.#keep();
  }

  /** What an answer has cost, once its record tells. */
  setCost(requestId: string, costUsd: number | null): void {
    const { turns } = this.#state.conversation;
    if (!turns.some((turn) => turn.role === 'assistant' && turn.requestId === requestId)) return;
    this.#setTurns(
      turns.map((turn) =>
        turn.role === 'assistant' && turn.requestId === requestId ? { ...turn, costUsd } : turn,
      ),
    );
  }

  async #ask(secret: string | undefined, whole: boolean): Promise<{ answer: AnswerTurn; model: string }> {
    const { conversation, settings } = this.#state;
    const abort = new AbortController();
    this.#abort = abort;
    const startedAt = this.#now();
    let turn: AnswerTurn = {
      ...noAnswer,
      state: 'streaming',
      id: this.#newId(),
      model: settings.model,
      wire: { dialect: settings.dialect, parts: [] },
    };
    const mine = (): boolean => this.#abort === abort;
    const show = (next: AnswerTurn): void => {
      turn = next;
      if (mine()) this.#setTurns([...conversation.turns, turn], false);
    };
    show(turn);
    this.#set({ running: true });
    let latest: (() => Answer) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      timer = undefined;
      if (latest !== undefined) show(withAnswer(turn, latest()));
    };
    const end = await this.#options.ask(
      buildRequest(conversation, settings, whole),
      { secret, signal: abort.signal },
      {
        onHead: ({ requestId, ignored }) => show({ ...turn, requestId, ignored }),
        onProgress: (read) => {
          latest = read;
          if (turn.firstTokenMs === undefined) turn = { ...turn, firstTokenMs: this.#now() - startedAt };
          timer ??= setTimeout(flush, showEveryMs);
        },
      },
    );
    clearTimeout(timer);
    show({ ...withAnswer(turn, end.answer), ...endOf(end), durationMs: this.#now() - startedAt });
    if (mine()) {
      this.#abort = undefined;
      this.#set({ running: false });
      this.#keep();
    }
    return { answer: turn, model: settings.model };
  }

  #indexOf(id: string): number {
    return this.#state.conversation.turns.findIndex((turn) => turn.id === id);
  }

  #setTurns(turns: readonly Turn[], keep = true): void {
    this.#set({ conversation: { ...this.#state.conversation, turns } });
    if (keep) this.#keep();
  }

  #set(change: Partial<PlaygroundState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #keep(): void {
    const { conversation, settings } = this.#state;
    this.#options.keeper.write({ conversation, settings });
  }

  #newId(): string {
    return this.#options.newId?.() ?? crypto.randomUUID();
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}

function withAnswer(turn: AnswerTurn, { raw, ...answer }: Answer): AnswerTurn {
  return { ...turn, ...answer, wire: { ...turn.wire, parts: raw } };
}

function endOf({ stopped, failure }: AskEnd): Pick<AnswerTurn, 'state' | 'failure'> {
  return { state: stopped ? 'stopped' : failure === undefined ? 'done' : 'failed', failure };
}
