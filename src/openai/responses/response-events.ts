import type { Annotation, OutputItem, OutputTextPart, SummaryPart } from './items.ts';
import type { ResponseObject } from './response-object.ts';

/** An event of the stream; `type` is also the name of its frame. Numbered from 0 without gaps. */
export type ResponseEvent = Numbered<ResponseEventBody>;

type Numbered<Body> = Body extends ResponseEventBody ? Body & { readonly sequence_number: number } : never;

export type ResponseEventBody =
  | LifecycleEvent
  | ErrorEvent
  | ItemEvent
  | MessagePartEvent
  | SummaryEvent
  | ArgumentsEvent
  | ProgressEvent;

interface LifecycleEvent {
  readonly type:
    | 'response.created'
    | 'response.queued'
    | 'response.in_progress'
    | 'response.completed'
    | 'response.incomplete'
    | 'response.failed';
  readonly response: ResponseObject;
}

/** Flat for OpenAI's own clients, nested for those that look for `error`; both must be there. */
interface ErrorEvent {
  readonly type: 'error';
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
  readonly error: {
    readonly type: string;
    readonly code: string | null;
    readonly message: string;
    readonly param: string | null;
  };
}

interface ItemEvent {
  readonly type: 'response.output_item.added' | 'response.output_item.done';
  readonly output_index: number;
  readonly item: OutputItem;
}

/** Where an event belongs. */
export interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}

type MessagePartEvent = ItemPlace & { readonly content_index: number } & (
    | {
        readonly type: 'response.content_part.added' | 'response.content_part.done';
        readonly part: OutputTextPart;
      }
    | {
        readonly type: 'response.output_text.delta';
        readonly delta: string;
        readonly logprobs: readonly never[];
      }
    | {
        readonly type: 'response.output_text.annotation.added';
        readonly annotation_index: number;
        readonly annotation: Annotation;
      }
    | {
        readonly type: 'response.output_text.done';
        readonly text: string;
        readonly logprobs: readonly never[];
      }
  );

type SummaryEvent = ItemPlace & { readonly summary_index: number } & (
    | {
        readonly type: 'response.reasoning_summary_part.added' | 'response.reasoning_summary_part.done';
        readonly part: SummaryPart;
      }
    | { readonly type: 'response.reasoning_summary_text.delta'; readonly delta: string }
    | { readonly type: 'response.reasoning_summary_text.done'; readonly text: string }
  );

type ArgumentsEvent = ItemPlace &
  (
    | {
        readonly type:
          | 'response.function_call_arguments.delta'
          | 'response.custom_tool_call_input.delta'
          | 'response.mcp_call_arguments.delta'
          | 'response.code_interpreter_call_code.delta';
        readonly delta: string;
      }
    | {
        readonly type: 'response.function_call_arguments.done';
        readonly name: string;
        readonly arguments: string;
      }
    | { readonly type: 'response.mcp_call_arguments.done'; readonly arguments: string }
    | { readonly type: 'response.custom_tool_call_input.done'; readonly input: string }
    | { readonly type: 'response.code_interpreter_call_code.done'; readonly code: string }
  );

interface ProgressEvent extends ItemPlace {
  readonly type:
    | 'response.mcp_call.in_progress'
    | 'response.mcp_call.completed'
    | 'response.mcp_call.failed'
    | 'response.web_search_call.in_progress'
    | 'response.web_search_call.searching'
    | 'response.web_search_call.completed'
    | 'response.code_interpreter_call.in_progress'
    | 'response.code_interpreter_call.interpreting'
    | 'response.code_interpreter_call.completed';
}

/** What may follow any event but the first: it only keeps the connection alive and has no number of its own. */
export interface KeepAliveEvent {
  readonly type: 'keepalive';
  /** Of the last event that was sent, so that a client resumes where it was. */
  readonly sequence_number: number;
}
