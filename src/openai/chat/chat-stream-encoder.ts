import type { FilesChanged, TokenCounts, TurnDone, TurnEvent } from '../../turn/index.ts';
import { answerAlreadySent } from '../answer-already-sent.ts';
import { encodeArtifacts } from '../artifacts.ts';
import { describeActivity, describeWaiting } from '../describe-activity.ts';
import { ReasoningText } from '../reasoning-text.ts';
import { ChatCallEncoder } from './chat-call-encoder.ts';
import type { ChatCompletionChunk, ChatDelta, FinishReason } from './chat-wire.ts';
import { describeFiles, type FileTelling } from './describe-files.ts';
import { encodeUsage } from './encode-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { markFileBlock } from './mark-file-block.ts';

export interface ChatEncoderOptions {
  /** Of the completion: the same in every chunk. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  /** Which of the `n` answers this is. */
  readonly choiceIndex: number;
  readonly legacyFunctions: boolean;
  readonly customToolNames: ReadonlySet<string>;
  /** Tell what the agent does, as lines of `reasoning_content`. */
  readonly activity: boolean;
  /** How files are told; absent: not at all. */
  readonly files?: FileTelling & {
    /** False: as data alone, since the answer's text has to stay as it is. */
    readonly inText: boolean;
  };
}

/**
 * Turns the events of one turn into chunks of one choice. An `error` event gives no chunk: the caller writes
 * the error frame. Throws a TurnError for an event that cannot be told any more (see `text.reset`); the
 * caller treats it as an `error` event.
 */
export class ChatStreamEncoder {
  readonly #options: ChatEncoderOptions;
  readonly #reasoning = new ReasoningText();
  readonly #calls: ChatCallEncoder;
  #hasRole = false;
  #hasText = false;
  #textBlockBegins = false;
  #files: FilesChanged | undefined;

  constructor(options: ChatEncoderOptions) {
    this.#options = options;
    this.#calls = new ChatCallEncoder(options.legacyFunctions, options.customToolNames);
  }

  push(event: TurnEvent): ChatCompletionChunk[] {
    switch (event.type) {
      case 'started':
        return this.#tell([]);
      case 'text.started':
        this.#textBlockBegins = true;
        return [];
      case 'text.delta':
        return this.#tellText(event.text);
      case 'text.reset':
        if (this.#hasText) throw answerAlreadySent();
        return [];
      case 'thinking.started':
        this.#reasoning.beginThinking();
        return [];
      case 'thinking.delta':
        return this.#tellReasoning(this.#reasoning.thinking(event.text));
      case 'client-call.started':
        return this.#tell(this.#calls.begin(event.callId, event.name));
      case 'client-call.delta':
        return this.#tell(this.#calls.continue(event.callId, event.argumentsDelta));
      case 'client-call.done':
        return this.#tell(this.#calls.end(event.callId, event.arguments));
      case 'tool.started':
        if (!this.#options.activity) return [];
        return this.#tellReasoning(this.#reasoning.activity(describeActivity(event.name, event.input)));
      case 'approval.asked':
        if (!this.#options.activity) return [];
        return this.#tellReasoning(this.#reasoning.activity(describeWaiting(event.name)));
      case 'files':
        // Only the end says whether the answer's text may be added to.
        this.#files = event;
        return [];
      case 'done':
        return this.#end(event);
      // Chat Completions has no way to name MCP servers, and so none to approve their calls.
      case 'approval.requested':
      case 'approval.answered':
      case 'tool.done':
      case 'usage':
      case 'notice':
      case 'error':
        return [];
      default:
        return event satisfies never;
    }
  }

  /** The last chunk of a stream whose client asked for usage: the sum over the turns of all choices. */
  usageChunk(turns: readonly TokenCounts[]): ChatCompletionChunk {
    return { ...this.#envelope(), choices: [], usage: encodeUsage(turns) };
  }

  /** For a caller that has kept the text to itself: it starts anew. */
  forgetText(): void {
    this.#hasText = false;
    this.#textBlockBegins = false;
  }

  #end({ stopReason }: TurnDone): ChatCompletionChunk[] {
    const finish = mapFinishReason(stopReason, this.#options.legacyFunctions);
    const telling = this.#options.files;
    const files = this.#files;
    if (files === undefined || telling === undefined || telling.mode === 'off')
      return this.#tell([{}], finish);
    // An answer that was cut off ends anywhere, in a block of code perhaps; and behind calls no client expects text.
    const isWhole = stopReason === 'end' && telling.inText;
    const markdown = isWhole ? describeFiles(files, telling) : '';
    const separator = this.#hasText ? '\n\n' : '';
    const added = markdown === '' ? [] : this.#tell([{ content: separator + markFileBlock(markdown) }]);
    const data: ChatDelta = {
      artifacts: encodeArtifacts(files, telling.link),
      ...(files.omitted > 0 ? { artifacts_omitted: files.omitted } : {}),
    };
    return [...added, ...this.#tell([data], finish)];
  }

  #tellText(text: string): ChatCompletionChunk[] {
    if (text === '') return [];
    const separator = this.#textBlockBegins && this.#hasText ? '\n\n' : '';
    this.#textBlockBegins = false;
    this.#hasText = true;
    return this.#tell([{ content: separator + text }]);
  }

  #tellReasoning(text: string): ChatCompletionChunk[] {
    return text === '' ? [] : this.#tell([{ reasoning_content: text }]);
  }

  /** The role goes before anything else: clients take the first delta for the head of the message. */
  #tell(deltas: readonly ChatDelta[], finish: FinishReason | null = null): ChatCompletionChunk[] {
    const head: ChatDelta[] = this.#hasRole ? [] : [{ role: 'assistant', content: '', refusal: null }];
    this.#hasRole = true;
    return [
      ...head.map((delta) => this.#chunk(delta, null)),
      ...deltas.map((delta) => this.#chunk(delta, finish)),
    ];
  }

  #chunk(delta: ChatDelta, finish: FinishReason | null): ChatCompletionChunk {
    const choice = { index: this.#options.choiceIndex, delta, logprobs: null, finish_reason: finish };
    return { ...this.#envelope(), choices: [choice] };
  }

  #envelope() {
    const { id, created, model } = this.#options;
    return { id, object: 'chat.completion.chunk', created, model, system_fingerprint: null } as const;
  }
}
