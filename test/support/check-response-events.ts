/**
 * Knows the legal order of the events of a Responses stream and checks a whole stream against it, independently of
 * the encoder: keys, numbers, indexes, ids, and that the deltas, the done events, the items and the final response
 * all tell the same. Throws with the number of the first event that is wrong.
 */
export interface CheckOptions {
  /** How the stream has to end; by default by a terminal event. `cut`: it may stop anywhere (a cancelled response). */
  readonly end?: 'terminal' | 'cut';
}

type Fields = Readonly<Record<string, unknown>>;
type Mutable = Record<string, unknown>;

const place = ['item_id', 'output_index'];

/** What each event must carry besides `type` and `sequence_number`. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'response.created': ['response'],
  'response.queued': ['response'],
  'response.in_progress': ['response'],
  'response.completed': ['response'],
  'response.incomplete': ['response'],
  'response.failed': ['response'],
  error: ['code', 'message', 'param', 'error'],
  keepalive: [],
  'response.output_item.added': ['output_index', 'item'],
  'response.output_item.done': ['output_index', 'item'],
  'response.content_part.added': [...place, 'content_index', 'part'],
  'response.content_part.done': [...place, 'content_index', 'part'],
  'response.output_text.delta': [...place, 'content_index', 'delta', 'logprobs'],
  'response.output_text.annotation.added': [...place, 'content_index', 'annotation_index', 'annotation'],
  'response.output_text.done': [...place, 'content_index', 'text', 'logprobs'],
  'response.reasoning_summary_part.added': [...place, 'summary_index', 'part'],
  'response.reasoning_summary_part.done': [...place, 'summary_index', 'part'],
  'response.reasoning_summary_text.delta': [...place, 'summary_index', 'delta'],
  'response.reasoning_summary_text.done': [...place, 'summary_index', 'text'],
  'response.function_call_arguments.delta': [...place, 'delta'],
  'response.function_call_arguments.done': [...place, 'name', 'arguments'],
  'response.custom_tool_call_input.delta': [...place, 'delta'],
  'response.custom_tool_call_input.done': [...place, 'input'],
  'response.mcp_call.in_progress': place,
  'response.mcp_call_arguments.delta': [...place, 'delta'],
  'response.mcp_call_arguments.done': [...place, 'arguments'],
  'response.mcp_call.completed': place,
  'response.mcp_call.failed': place,
  'response.web_search_call.in_progress': place,
  'response.web_search_call.searching': place,
  'response.web_search_call.completed': place,
  'response.code_interpreter_call.in_progress': place,
  'response.code_interpreter_call_code.delta': [...place, 'delta'],
  'response.code_interpreter_call_code.done': [...place, 'code'],
  'response.code_interpreter_call.interpreting': place,
  'response.code_interpreter_call.completed': place,
};

/** Of every response object. */
const responseKeys = [
  ...[
    'id',
    'object',
    'created_at',
    'completed_at',
    'status',
    'incomplete_details',
    'model',
    'output',
    'error',
  ],
  ...[
    'previous_response_id',
    'instructions',
    'tools',
    'tool_choice',
    'truncation',
    'parallel_tool_calls',
    'text',
  ],
  ...['top_p', 'presence_penalty', 'frequency_penalty', 'top_logprobs', 'temperature', 'reasoning', 'usage'],
  ...['max_output_tokens', 'max_tool_calls', 'store', 'background', 'service_tier', 'metadata'],
  ...['safety_identifier', 'prompt_cache_key'],
];

/** Of every item, by kind. */
const itemKeys: Readonly<Record<string, readonly string[]>> = {
  message: ['id', 'status', 'role', 'content'],
  reasoning: ['id', 'summary'],
  function_call: ['id', 'status', 'call_id', 'name', 'arguments'],
  custom_tool_call: ['id', 'status', 'call_id', 'name', 'input'],
  mcp_call: ['id', 'status', 'server_label', 'name', 'arguments', 'output', 'error'],
  web_search_call: ['id', 'status', 'action'],
  code_interpreter_call: ['id', 'status', 'code', 'container_id', 'outputs'],
  compaction: ['id', 'encrypted_content'],
  mcp_approval_request: ['id', 'server_label', 'name', 'arguments'],
};

/** What may follow what within one item, by kind; the names are without `response.`. */
const order: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  message: {
    'output_item.added': ['content_part.added'],
    'content_part.added': ['output_text.delta', 'output_text.annotation.added', 'output_text.done'],
    'output_text.delta': ['output_text.delta', 'output_text.annotation.added', 'output_text.done'],
    'output_text.annotation.added': ['output_text.annotation.added', 'output_text.done'],
    'output_text.done': ['content_part.done'],
    'content_part.done': ['content_part.added', 'output_item.done'],
  },
  reasoning: {
    'output_item.added': ['reasoning_summary_part.added', 'output_item.done'],
    'reasoning_summary_part.added': ['reasoning_summary_text.delta', 'reasoning_summary_text.done'],
    'reasoning_summary_text.delta': ['reasoning_summary_text.delta', 'reasoning_summary_text.done'],
    'reasoning_summary_text.done': ['reasoning_summary_part.done'],
    'reasoning_summary_part.done': ['reasoning_summary_part.added', 'output_item.done'],
  },
  function_call: {
    'output_item.added': ['function_call_arguments.delta', 'function_call_arguments.done'],
    'function_call_arguments.delta': ['function_call_arguments.delta', 'function_call_arguments.done'],
    'function_call_arguments.done': ['output_item.done'],
  },
  custom_tool_call: {
    'output_item.added': ['custom_tool_call_input.delta', 'custom_tool_call_input.done'],
    'custom_tool_call_input.delta': ['custom_tool_call_input.delta', 'custom_tool_call_input.done'],
    'custom_tool_call_input.done': ['output_item.done'],
  },
  mcp_call: {
    'output_item.added': ['mcp_call.in_progress'],
    'mcp_call.in_progress': ['mcp_call_arguments.delta', 'mcp_call_arguments.done'],
    'mcp_call_arguments.delta': ['mcp_call_arguments.delta', 'mcp_call_arguments.done'],
    'mcp_call_arguments.done': ['mcp_call.completed', 'mcp_call.failed', 'output_item.done'],
    'mcp_call.completed': ['output_item.done'],
    'mcp_call.failed': ['output_item.done'],
  },
  web_search_call: {
    'output_item.added': ['web_search_call.in_progress'],
    'web_search_call.in_progress': ['web_search_call.searching'],
    'web_search_call.searching': ['web_search_call.completed', 'output_item.done'],
    'web_search_call.completed': ['output_item.done'],
  },
  code_interpreter_call: {
    'output_item.added': ['code_interpreter_call.in_progress'],
    'code_interpreter_call.in_progress': [
      'code_interpreter_call_code.delta',
      'code_interpreter_call_code.done',
    ],
    'code_interpreter_call_code.delta': [
      'code_interpreter_call_code.delta',
      'code_interpreter_call_code.done',
    ],
    'code_interpreter_call_code.done': ['code_interpreter_call.interpreting'],
    'code_interpreter_call.interpreting': ['code_interpreter_call.completed', 'output_item.done'],
    'code_interpreter_call.completed': ['output_item.done'],
  },
  compaction: { 'output_item.added': ['output_item.done'] },
  mcp_approval_request: { 'output_item.added': ['output_item.done'] },
};

/** Items that come whole, and so have no status. */
const wholeKinds = ['compaction', 'mcp_approval_request'];

/** The status that an item must have when it ends right after this event. */
const statusAfter: Readonly<Record<string, readonly string[]>> = {
  'mcp_call.completed': ['completed'],
  'mcp_call.failed': ['failed'],
  'mcp_call_arguments.done': ['incomplete'],
  'web_search_call.completed': ['completed'],
  'web_search_call.searching': ['failed'],
  'code_interpreter_call.completed': ['completed'],
  'code_interpreter_call.interpreting': ['failed', 'incomplete'],
};

const terminalStatus: Readonly<Record<string, string>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
};

interface TrackedItem {
  readonly id: unknown;
  readonly kind: string;
  /** As the deltas have built it so far. */
  item: Mutable;
  last: string;
  /** Texts of the parts, from the deltas alone. */
  readonly texts: string[];
  open: boolean;
}

/** Throws if the stream is not legal; gives the final response. */
export function checkResponseEvents(events: readonly object[], options: CheckOptions = {}): Fields {
  const checker = new Checker();
  for (const [index, event] of events.entries()) {
    try {
      checker.take(event as Fields);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`event ${index} (${String((event as Fields)['type'])}): ${reason}`);
    }
  }
  return checker.finish(options.end ?? 'terminal');
}

class Checker {
  readonly #items: TrackedItem[] = [];
  #next = 0;
  #phase: 'nothing' | 'created' | 'queued' | 'in_progress' | 'error' | 'over' = 'nothing';
  #id: unknown;
  #createdAt: unknown;
  #response: Fields = {};

  take(event: Fields): void {
    const type = text(event, 'type');
    const keys = requiredKeys[type];
    check(keys !== undefined, 'unknown type of event');
    for (const key of keys) check(event[key] !== undefined, `'${key}' is missing`);
    this.#checkNumber(event, type);
    check(this.#phase !== 'over', 'an event after the end');
    if (type === 'keepalive') {
      check(this.#phase !== 'nothing', 'a keep-alive before response.created');
      return;
    }
    if (this.#phase === 'nothing')
      check(type === 'response.created', 'the stream must begin with response.created');
    if (this.#phase === 'error')
      check(type === 'response.failed', 'only response.failed may follow an error');
    if ('response' in event) this.#takeLifecycle(type, record(event, 'response'));
    else if (type === 'error') this.#takeError(event);
    else this.#takeItem(type, event);
  }

  finish(end: 'terminal' | 'cut'): Fields {
    if (end === 'terminal') check(this.#phase === 'over', 'the stream has no terminal event');
    return this.#response;
  }

  #checkNumber(event: Fields, type: string): void {
    const number = event['sequence_number'];
    const expected = type === 'keepalive' ? this.#next - 1 : this.#next++;
    check(number === expected, `sequence_number is ${String(number)} and should be ${expected}`);
  }

  #takeLifecycle(type: string, response: Fields): void {
    for (const key of responseKeys) check(response[key] !== undefined, `response.${key} is missing`);
    check(response['object'] === 'response', 'response.object is wrong');
    if (type === 'response.created') {
      check(this.#phase === 'nothing', 'response.created comes twice');
      this.#id = response['id'];
      this.#createdAt = response['created_at'];
      this.#phase = 'created';
      this.#checkBeginning(response, ['queued', 'in_progress']);
    } else if (type === 'response.queued') {
      check(this.#phase === 'created', 'response.queued comes late');
      this.#phase = 'queued';
      this.#checkBeginning(response, ['queued']);
    } else if (type === 'response.in_progress') {
      check(
        this.#phase === 'created' || this.#phase === 'queued',
        'response.in_progress comes late or twice',
      );
      this.#phase = 'in_progress';
      this.#checkBeginning(response, ['in_progress']);
    } else {
      this.#takeEnd(type, response);
    }
    check(response['id'] === this.#id, 'the id of the response changed');
    check(response['created_at'] === this.#createdAt, 'created_at changed');
    this.#response = response;
  }

  #checkBeginning(response: Fields, statuses: readonly string[]): void {
    check(statuses.includes(String(response['status'])), `status is ${String(response['status'])}`);
    check(list(response, 'output').length === 0, 'output is not empty at the beginning');
    for (const key of ['error', 'incomplete_details', 'completed_at', 'usage']) {
      check(response[key] === null, `${key} is not null at the beginning`);
    }
  }

  #takeEnd(type: string, response: Fields): void {
    const status = terminalStatus[type];
    check(response['status'] === status, `status is ${String(response['status'])}`);
    check(status === 'failed' || this.#phase === 'in_progress', 'the end comes before response.in_progress');
    check(
      (status === 'failed') === (this.#phase === 'error'),
      'response.failed and the error event must come together',
    );
    check((response['error'] !== null) === (status === 'failed'), 'error does not fit the status');
    check(
      (response['incomplete_details'] !== null) === (status === 'incomplete'),
      'incomplete_details does not fit',
    );
    check(
      (response['completed_at'] !== null) === (status === 'completed'),
      'completed_at does not fit the status',
    );
    check(status === 'failed' || response['usage'] !== null, 'usage is missing at the end');
    const output = list(response, 'output');
    check(
      output.length === this.#items.length,
      `output has ${output.length} items, the stream ${this.#items.length}`,
    );
    for (const [index, tracked] of this.#items.entries()) {
      check(status === 'failed' || !tracked.open, `item ${index} is still open at the end`);
      // What a failure left open has no done event; its last status is told by the response alone.
      const settled = tracked.open ? this.#settle(tracked, output[index]) : tracked.item;
      same(output[index], settled, `output[${index}] differs from the item of the stream`);
    }
    this.#phase = 'over';
  }

  #settle(tracked: TrackedItem, final: unknown): unknown {
    const status = (final as Fields)['status'];
    check(status === 'incomplete' || status === 'failed', `an unfinished item is told as ${String(status)}`);
    return { ...tracked.item, status };
  }

  #takeError(event: Fields): void {
    check(this.#phase === 'in_progress', 'an error before response.in_progress');
    const inner = record(event, 'error');
    for (const key of ['code', 'message', 'param'])
      same(inner[key], event[key], `error.${key} differs from ${key}`);
    check(typeof inner['type'] === 'string', 'error.type is missing');
    this.#phase = 'error';
  }

  #takeItem(type: string, event: Fields): void {
    check(this.#phase === 'in_progress', 'an item outside of the response');
    const name = type.replace(/^response\./, '');
    const index = event['output_index'];
    check(typeof index === 'number', 'output_index is no number');
    if (name === 'output_item.added') {
      check(index === this.#items.length, `output_index is ${index} and should be ${this.#items.length}`);
      this.#items.push(this.#begin(record(event, 'item')));
      return;
    }
    const tracked = this.#items[index];
    check(tracked !== undefined, `there is no item at ${index}`);
    check(tracked.open, `the item at ${index} has ended`);
    const following = order[tracked.kind]?.[tracked.last] ?? [];
    check(following.includes(name), `${name} may not follow ${tracked.last} in a ${tracked.kind}`);
    if (name === 'output_item.done') this.#end(tracked, record(event, 'item'));
    else {
      check(
        event['item_id'] === tracked.id,
        `item_id is ${String(event['item_id'])}, the item is ${String(tracked.id)}`,
      );
      apply(tracked, name, event);
    }
    tracked.last = name;
  }

  #begin(item: Fields): TrackedItem {
    const kind = text(item, 'type');
    const keys = itemKeys[kind];
    check(keys !== undefined, `unknown type of item: ${kind}`);
    for (const key of keys) check(item[key] !== undefined, `item.${key} is missing`);
    check(!this.#items.some(({ id }) => id === item['id']), `the id ${String(item['id'])} is used twice`);
    const isWhole = wholeKinds.includes(kind);
    check(isWhole || item['status'] === 'in_progress', 'a new item is in progress');
    for (const key of isWhole ? [] : ['content', 'summary', 'arguments', 'input', 'code']) {
      const value = item[key];
      const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
      check(isEmpty, `a new item has no ${key} yet`);
    }
    return {
      id: item['id'],
      kind,
      item: structuredClone(item),
      last: 'output_item.added',
      texts: [],
      open: true,
    };
  }

  #end(tracked: TrackedItem, item: Fields): void {
    check(item['id'] === tracked.id && item['type'] === tracked.kind, 'the id or type of the item changed');
    const statuses = statusAfter[tracked.last] ?? ['completed', 'incomplete'];
    if (!wholeKinds.includes(tracked.kind)) {
      check(
        statuses.includes(String(item['status'])),
        `status ${String(item['status'])} does not fit ${tracked.last}`,
      );
    }
    // What only the end tells.
    const late = ['status', 'output', 'error', 'outputs', 'action'];
    const told = Object.fromEntries(late.flatMap((key) => (key in item ? [[key, item[key]]] : [])));
    same(item, { ...tracked.item, ...told }, 'the item differs from its events');
    tracked.item = structuredClone(item);
    tracked.open = false;
  }
}

/** Builds the item from its events, and checks each against what came before. */
function apply(tracked: TrackedItem, name: string, event: Fields): void {
  const { item, texts } = tracked;
  const parts = (tracked.kind === 'message' ? item['content'] : item['summary']) as Mutable[] | undefined;
  const index = event['content_index'] ?? event['summary_index'];
  const at = texts.length - 1;
  if (index !== undefined) {
    const expected = /part\.added$/.test(name) ? texts.length : at;
    check(index === expected, `the index of the part is ${String(index)} and should be ${expected}`);
  }
  switch (name) {
    case 'content_part.added':
    case 'reasoning_summary_part.added': {
      const part = record(event, 'part');
      check(part['text'] === '', 'a new part has no text yet');
      texts.push('');
      parts?.push(structuredClone(part));
      return;
    }
    case 'output_text.delta':
    case 'reasoning_summary_text.delta': {
      texts[at] += text(event, 'delta');
      check(event['delta'] !== '', 'an empty delta');
      const part = parts?.[at];
      if (part !== undefined) part['text'] = texts[at];
      return;
    }
    case 'output_text.annotation.added': {
      const annotations = annotationsOf(parts?.[at]);
      check(event['annotation_index'] === annotations.length, 'the annotation_index leaves a gap');
      checkSpan(record(event, 'annotation'), texts[at] ?? '');
      annotations.push(event['annotation']);
      return;
    }
    case 'output_text.done':
    case 'reasoning_summary_text.done':
      check(event['text'] === texts[at], 'the text differs from its deltas');
      return;
    case 'content_part.done':
    case 'reasoning_summary_part.done':
      same(event['part'], parts?.[at], 'the part differs from its events');
      return;
    case 'function_call_arguments.delta':
    case 'mcp_call_arguments.delta':
      item['arguments'] = `${String(item['arguments'])}${text(event, 'delta')}`;
      return;
    case 'custom_tool_call_input.delta':
      item['input'] = `${String(item['input'])}${text(event, 'delta')}`;
      return;
    case 'code_interpreter_call_code.delta':
      item['code'] = `${String(item['code'])}${text(event, 'delta')}`;
      return;
    case 'function_call_arguments.done':
      check(event['name'] === item['name'], 'the name differs from that of the item');
      check(event['arguments'] === item['arguments'], 'the arguments differ from their deltas');
      return;
    case 'mcp_call_arguments.done':
      check(event['arguments'] === item['arguments'], 'the arguments differ from their deltas');
      return;
    case 'custom_tool_call_input.done':
      check(event['input'] === item['input'], 'the input differs from its deltas');
      return;
    case 'code_interpreter_call_code.done':
      check(event['code'] === item['code'], 'the code differs from its deltas');
      return;
  }
}

/** In characters of the text. */
function checkSpan(annotation: Fields, text: string): void {
  const { start_index: start, end_index: end } = annotation;
  if (start === undefined && end === undefined) return;
  const isSpan = typeof start === 'number' && typeof end === 'number' && start >= 0 && start <= end;
  check(isSpan && end <= [...text].length, 'the annotation spans what is no part of the text');
}

function annotationsOf(part: Mutable | undefined): unknown[] {
  const annotations = part?.['annotations'];
  check(Array.isArray(annotations), 'the part has no list of annotations');
  return annotations;
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function same(actual: unknown, expected: unknown, message: string): void {
  const [one, other] = [canonical(actual), canonical(expected)];
  check(one === other, `${message}: ${one} and ${other}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function text(from: Fields, key: string): string {
  const value = from[key];
  check(typeof value === 'string', `'${key}' is no text`);
  return value;
}

function record(from: Fields, key: string): Fields {
  const value = from[key];
  check(typeof value === 'object' && value !== null && !Array.isArray(value), `'${key}' is no object`);
  return value as Fields;
}

function list(from: Fields, key: string): readonly unknown[] {
  const value = from[key];
  check(Array.isArray(value), `'${key}' is no list`);
  return value;
}
