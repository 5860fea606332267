import type { Json, JsonObject } from '../../turn/index.ts';

/**
 * The items of a response, of its input and of a conversation, as they are stored and as clients see them. Every
 * one has an id. What is kept is what OpenAI's `ResponseItem` says, without the fields that nobody reads.
 */
export type StoredItem =
  | InputMessageItem
  | AssistantMessageItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | ReasoningItem
  | McpCallItem
  | McpListToolsItem
  | McpApprovalRequestItem
  | McpApprovalResponseItem
  | WebSearchCallItem
  | CodeInterpreterCallItem
  | CompactionItem
  | AdditionalToolsItem;

/** The items that an answer can consist of. */
export type OutputItem =
  | AssistantMessageItem
  | FunctionCallItem
  | CustomToolCallItem
  | ReasoningItem
  | McpCallItem
  | McpApprovalRequestItem
  | WebSearchCallItem
  | CodeInterpreterCallItem
  | CompactionItem;

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export interface InputMessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'user' | 'system' | 'developer';
  readonly status: ItemStatus;
  readonly content: readonly InputPart[];
}

export interface AssistantMessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly status: ItemStatus;
  readonly content: readonly (OutputTextPart | RefusalPart)[];
  /** Given back as the client sent it. */
  readonly phase?: 'commentary' | 'final_answer';
}

export type InputPart = InputTextPart | InputImagePart | InputFilePart;

export interface InputTextPart {
  readonly type: 'input_text';
  readonly text: string;
}

export interface InputImagePart {
  readonly type: 'input_image';
  readonly detail: 'auto' | 'low' | 'high' | 'original';
  /** A data URL or an http(s) URL; absent for an uploaded file. */
  readonly image_url?: string;
  readonly file_id?: string;
}

export interface InputFilePart {
  readonly type: 'input_file';
  /** A data URL. */
  readonly file_data?: string;
  readonly file_url?: string;
  /** Of an uploaded file. */
  readonly file_id?: string;
  readonly filename?: string;
}

export interface OutputTextPart {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly logprobs: readonly never[];
}

export type Annotation =
  | {
      readonly type: 'url_citation';
      readonly start_index: number;
      readonly end_index: number;
      readonly title: string;
      readonly url: string;
    }
  | {
      readonly type: 'container_file_citation';
      readonly container_id: string;
      readonly file_id: string;
      readonly filename: string;
      readonly start_index: number;
      readonly end_index: number;
    }
  | {
      readonly type: 'file_citation';
      readonly file_id: string;
      readonly filename: string;
      readonly index: number;
    }
  | { readonly type: 'file_path'; readonly file_id: string; readonly index: number };

export interface RefusalPart {
  readonly type: 'refusal';
  readonly refusal: string;
}

export interface FunctionCallItem {
  readonly id: string;
  readonly type: 'function_call';
  readonly call_id: string;
  readonly name: string;
  /** Of the namespace tool that the function lies in. */
  readonly namespace?: string;
  /** JSON text. */
  readonly arguments: string;
  readonly status: ItemStatus;
}

export interface FunctionCallOutputItem {
  readonly id: string;
  readonly type: 'function_call_output';
  readonly call_id: string;
  readonly output: string | readonly InputPart[];
  readonly status: ItemStatus;
}

export interface CustomToolCallItem {
  readonly id: string;
  readonly type: 'custom_tool_call';
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  /** Plain text. */
  readonly input: string;
  readonly status: ItemStatus;
}

export interface CustomToolCallOutputItem {
  readonly id: string;
  readonly type: 'custom_tool_call_output';
  readonly call_id: string;
  readonly output: string | readonly InputPart[];
  readonly status: ItemStatus;
}

export interface ReasoningItem {
  readonly id: string;
  readonly type: 'reasoning';
  readonly summary: readonly SummaryPart[];
  readonly content?: readonly { readonly type: 'reasoning_text'; readonly text: string }[];
  /** Another server's; kept for the client, never read. */
  readonly encrypted_content?: string;
  readonly status: ItemStatus;
}

export interface SummaryPart {
  readonly type: 'summary_text';
  readonly text: string;
}

export interface McpCallItem {
  readonly id: string;
  readonly type: 'mcp_call';
  readonly server_label: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly status: ItemStatus | 'failed';
  readonly approval_request_id?: string;
}

export interface McpListToolsItem {
  readonly id: string;
  readonly type: 'mcp_list_tools';
  readonly server_label: string;
  /** `annotations` and `error` are absent, never null: clients refuse null. */
  readonly tools: readonly {
    readonly name: string;
    readonly description?: string;
    readonly input_schema: Json;
    readonly annotations?: JsonObject;
  }[];
  readonly error?: string;
}

export interface McpApprovalRequestItem {
  readonly id: string;
  readonly type: 'mcp_approval_request';
  readonly server_label: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export interface McpApprovalResponseItem {
  readonly id: string;
  readonly type: 'mcp_approval_response';
  readonly approval_request_id: string;
  readonly approve: boolean;
  readonly reason?: string;
}

export interface WebSearchCallItem {
  readonly id: string;
  readonly type: 'web_search_call';
  readonly status: 'in_progress' | 'searching' | 'completed' | 'failed';
  readonly action: WebSearchAction;
}

export type WebSearchAction =
  | {
      readonly type: 'search';
      readonly query?: string;
      readonly queries?: readonly string[];
      readonly sources?: readonly WebSource[];
    }
  | { readonly type: 'open_page'; readonly url?: string }
  | { readonly type: 'find_in_page'; readonly url: string; readonly pattern: string };

export interface WebSource {
  readonly type: 'url';
  readonly url: string;
}

export interface CodeInterpreterCallItem {
  readonly id: string;
  readonly type: 'code_interpreter_call';
  readonly status: ItemStatus | 'interpreting' | 'failed';
  readonly code: string | null;
  /** Empty if the code ran in no container that can be listed. */
  readonly container_id: string;
  /** Null unless the request includes `code_interpreter_call.outputs`. */
  readonly outputs:
    | readonly (
        | { readonly type: 'logs'; readonly logs: string }
        | { readonly type: 'image'; readonly url: string }
      )[]
    | null;
}

export interface CompactionItem {
  readonly id: string;
  readonly type: 'compaction';
  /** Sealed by this server: see `sealCompaction`. */
  readonly encrypted_content: string;
}

/** Tools that newer Codex models get by an item instead of by `tools`. */
export interface AdditionalToolsItem {
  readonly id: string;
  readonly type: 'additional_tools';
  readonly role: 'developer';
  readonly tools: readonly JsonObject[];
}

/** What ids of items begin with, in OpenAI's manner. */
export const idPrefixes: Readonly<Record<StoredItem['type'], string>> = {
  message: 'msg_',
  function_call: 'fc_',
  function_call_output: 'fco_',
  custom_tool_call: 'ctc_',
  custom_tool_call_output: 'ctco_',
  reasoning: 'rs_',
  mcp_call: 'mcp_',
  mcp_list_tools: 'mcpl_',
  mcp_approval_request: 'mcpr_',
  mcp_approval_response: 'mcpa_',
  web_search_call: 'ws_',
  code_interpreter_call: 'ci_',
  compaction: 'cmp_',
  additional_tools: 'at_',
};
