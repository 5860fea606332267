import { isJsonObject, type Json, type ToolDone, type ToolStarted } from '../../turn/index.ts';
import type { ForcedEnd, ItemEncoder, NewItem } from './item-encoder.ts';
import type { CodeInterpreterCallItem, McpCallItem, WebSearchCallItem, WebSource } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** A built-in tool of the agent, or one of an MCP server: it runs here, and its item tells that it did. */
export interface ToolItemEncoder extends ItemEncoder {
  open(): ResponseEventBody[];
  finish(done: ToolDone): ResponseEventBody[];
}

/** Where a tool comes from; the agent's own tools count as a server. */
export interface ToolOrigin {
  readonly serverLabel: string;
  readonly name: string;
}

export class McpCallEncoder implements ToolItemEncoder {
  readonly #new: NewItem;
  readonly #origin: ToolOrigin;
  readonly #arguments: string;
  #end: Pick<McpCallItem, 'status' | 'output' | 'error'> | undefined;

  constructor(place: NewItem, origin: ToolOrigin, started: ToolStarted) {
    this.#new = place;
    this.#origin = origin;
    this.#arguments = JSON.stringify(started.input);
  }

  get item(): McpCallItem {
    return this.#call(this.#arguments);
  }

  open(): ResponseEventBody[] {
    const place = placeOf(this.#new);
    const { output_index } = place;
    return [
      { type: 'response.output_item.added', output_index, item: this.#call('') },
      { type: 'response.mcp_call.in_progress', ...place },
      { type: 'response.mcp_call_arguments.delta', ...place, delta: this.#arguments },
      { type: 'response.mcp_call_arguments.done', ...place, arguments: this.#arguments },
    ];
  }

  finish({ isError, output }: ToolDone): ResponseEventBody[] {
    if (this.#end !== undefined) return [];
    this.#end = isError
      ? { status: 'failed', output: null, error: output }
      : { status: 'completed', output, error: null };
    const type = isError ? 'response.mcp_call.failed' : 'response.mcp_call.completed';
    return [{ type, ...placeOf(this.#new) }, doneEvent(this.#new, this.item)];
  }

  /** Its end is not known: some tools go on in the background. */
  close(_status: ForcedEnd): ResponseEventBody[] {
    if (this.#end !== undefined) return [];
    this.#end = { status: 'incomplete', output: null, error: null };
    return [doneEvent(this.#new, this.item)];
  }

  #call(callArguments: string): McpCallItem {
    const end = this.#end ?? { status: 'in_progress', output: null, error: null };
    const { serverLabel, name } = this.#origin;
    return {
      id: this.#new.id,
      type: 'mcp_call',
      status: end.status,
      server_label: serverLabel,
      name,
      arguments: callArguments,
      output: end.output,
      error: end.error,
    };
  }
}

export class WebSearchEncoder implements ToolItemEncoder {
  readonly #new: NewItem;
  readonly #query: string;
  readonly #withSources: boolean;
  #status: WebSearchCallItem['status'] = 'in_progress';
  #sources: readonly WebSource[] | undefined;

  constructor(place: NewItem, started: ToolStarted, withSources: boolean) {
    this.#new = place;
    this.#query = asText(started.input['query']);
    this.#withSources = withSources;
  }

  get item(): WebSearchCallItem {
    const sources = this.#sources === undefined ? {} : { sources: this.#sources };
    return {
      id: this.#new.id,
      type: 'web_search_call',
      status: this.#status,
      action: { type: 'search', query: this.#query, ...sources },
    };
  }

  open(): ResponseEventBody[] {
    const place = placeOf(this.#new);
    const added = this.item;
    this.#status = 'searching';
    return [
      { type: 'response.output_item.added', output_index: place.output_index, item: added },
      { type: 'response.web_search_call.in_progress', ...place },
      { type: 'response.web_search_call.searching', ...place },
    ];
  }

  finish({ isError, detail }: ToolDone): ResponseEventBody[] {
    if (isError) return this.close('incomplete');
    if (this.#status !== 'searching') return [];
    this.#status = 'completed';
    if (this.#withSources) this.#sources = findSources(detail);
    return [
      { type: 'response.web_search_call.completed', ...placeOf(this.#new) },
      doneEvent(this.#new, this.item),
    ];
  }

  /** There is no event and no other status for a search that came to nothing. */
  close(_status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'searching') return [];
    this.#status = 'failed';
    return [doneEvent(this.#new, this.item)];
  }
}

export interface CodeOptions {
  readonly containerId: string;
  readonly withOutputs: boolean;
}

/** A shell command, for a client that asked for the code interpreter. */
export class CodeInterpreterEncoder implements ToolItemEncoder {
  readonly #new: NewItem;
  readonly #code: string;
  readonly #options: CodeOptions;
  #status: CodeInterpreterCallItem['status'] = 'in_progress';
  #outputs: CodeInterpreterCallItem['outputs'] = null;

  constructor(place: NewItem, started: ToolStarted, options: CodeOptions) {
    this.#new = place;
    this.#code = asText(started.input['command']);
    this.#options = options;
  }

  get item(): CodeInterpreterCallItem {
    return this.#call(this.#code);
  }

  open(): ResponseEventBody[] {
    const place = placeOf(this.#new);
    const added = this.#call('');
    this.#status = 'interpreting';
    return [
      { type: 'response.output_item.added', output_index: place.output_index, item: added },
      { type: 'response.code_interpreter_call.in_progress', ...place },
      { type: 'response.code_interpreter_call_code.delta', ...place, delta: this.#code },
      { type: 'response.code_interpreter_call_code.done', ...place, code: this.#code },
      { type: 'response.code_interpreter_call.interpreting', ...place },
    ];
  }

  /** There is no event for a failure; the item's status tells it. */
  finish({ isError, output }: ToolDone): ResponseEventBody[] {
    if (this.#status !== 'interpreting') return [];
    this.#status = isError ? 'failed' : 'completed';
    if (this.#options.withOutputs) this.#outputs = [{ type: 'logs', logs: output }];
    const completed: ResponseEventBody[] = isError
      ? []
      : [{ type: 'response.code_interpreter_call.completed', ...placeOf(this.#new) }];
    return [...completed, doneEvent(this.#new, this.item)];
  }

  close(_status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'interpreting') return [];
    this.#status = 'incomplete';
    return [doneEvent(this.#new, this.item)];
  }

  #call(code: string): CodeInterpreterCallItem {
    return {
      id: this.#new.id,
      type: 'code_interpreter_call',
      status: this.#status,
      code,
      container_id: this.#options.containerId,
      outputs: this.#outputs,
    };
  }
}

function placeOf({ id, outputIndex }: NewItem) {
  return { item_id: id, output_index: outputIndex };
}

function doneEvent(
  { outputIndex }: NewItem,
  item: McpCallItem | WebSearchCallItem | CodeInterpreterCallItem,
): ResponseEventBody {
  return { type: 'response.output_item.done', output_index: outputIndex, item };
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The engine's result of a search: `{results: [{content: [{title, url}]} | comment]}`. */
function findSources(detail: Json | undefined): WebSource[] {
  const results = isJsonObject(detail) ? detail['results'] : undefined;
  if (!Array.isArray(results)) return [];
  const hits = results.flatMap((result: Json) => {
    const content = isJsonObject(result) ? result['content'] : undefined;
    return Array.isArray(content) ? (content as readonly Json[]) : [];
  });
  const urls = hits.flatMap((hit) => {
    const url = isJsonObject(hit) ? hit['url'] : undefined;
    return typeof url === 'string' ? [url] : [];
  });
  return [...new Set(urls)].map((url) => ({ type: 'url', url }));
}
