import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for the Anthropic Messages API on loopback. The tests need what upstream received to the letter, any
 * split of its deltas, cache counts and streams that hang or break, which is more than a general mock offers.
 */
export interface Upstream extends AsyncDisposable {
  readonly url: string;
  /** The bodies of all model calls, as they came. */
  readonly requests: readonly UpstreamRequest[];
  /** Answers from now on; the default says "ok". */
  script(answer: (request: UpstreamRequest) => Reply | Promise<Reply>): void;
  /** Resolves when so many model calls have come in all. */
  received(count: number): Promise<void>;
}

export interface UpstreamRequest {
  readonly model: string;
  readonly messages: readonly UpstreamMessage[];
  readonly system?: readonly { readonly text: string }[];
  readonly tools?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly input_schema?: unknown;
  }[];
  readonly tool_choice?: unknown;
  readonly max_tokens: number;
  readonly thinking?: unknown;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly output_config?: unknown;
  /** True once the client of this call has gone. */
  readonly aborted: () => boolean;
}

export interface UpstreamMessage {
  readonly role: string;
  readonly content: string | readonly UpstreamBlock[];
}

export interface UpstreamBlock {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly source?: unknown;
}

export interface Reply {
  readonly blocks?: readonly ReplyBlock[];
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly stopReason?: string;
  /** Answer with this status instead. */
  readonly error?: { readonly status: number; readonly type: string; readonly message: string };
  /** Wait for this before the last event. */
  readonly hold?: Promise<unknown>;
  /** Break the connection after the blocks. */
  readonly breakOff?: boolean;
}

export type ReplyBlock =
  | { readonly type: 'text' | 'thinking'; readonly deltas: readonly string[] }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly deltas: readonly string[];
    };

export function text(...deltas: string[]): ReplyBlock {
  return { type: 'text', deltas };
}

export function thinking(...deltas: string[]): ReplyBlock {
  return { type: 'thinking', deltas };
}

export function call(name: string, input: unknown, id = `toolu_${randomUUID().slice(0, 12)}`): ReplyBlock {
  return { type: 'tool_use', id, name, deltas: [JSON.stringify(input)] };
}

export function say(...deltas: string[]): Reply {
  return { blocks: [text(...deltas)] };
}

/** The conversation without what Claude Code adds for itself: reminders, cache marks, the shape of plain text. */
export function conversation(request: UpstreamRequest | undefined): { role: string; content: unknown }[] {
  return (request?.messages ?? [])
    .filter((message) => message.role !== 'system')
    .map(({ role, content }) => {
      const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      const own = blocks
        .filter((block) => !(block.type === 'text' && block.text?.startsWith('<system-reminder>')))
        .map((block) => {
          const { cache_control: _, ...rest } = block as UpstreamBlock & { cache_control?: unknown };
          return rest;
        });
      const [first] = own;
      return { role, content: own.length === 1 && first?.type === 'text' ? first.text : own };
    });
}

/** The text of the last user message, for scripts to answer to. */
export function lastUserText(request: UpstreamRequest): string {
  const last = conversation(request).findLast((message) => message.role === 'user');
  if (typeof last?.content === 'string') return last.content;
  const blocks = (last?.content ?? []) as UpstreamBlock[];
  return blocks.map((block) => block.text ?? '').join('\n');
}

/** The results of tools in the last user message, by call id. */
export function lastResults(request: UpstreamRequest): UpstreamBlock[] {
  const last = request.messages.findLast((message) => message.role === 'user');
  return typeof last?.content === 'string'
    ? []
    : (last?.content ?? []).filter((b) => b.type === 'tool_result');
}

export async function startUpstream(): Promise<Upstream> {
  const requests: UpstreamRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let answer: (request: UpstreamRequest) => Reply | Promise<Reply> = () => say('ok');

  const server = createServer((incoming, response) => {
    void handle(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    if (!incoming.url?.startsWith('/v1/messages') || incoming.url.includes('count_tokens')) {
      response.setHeader('content-type', 'application/json').end('{"input_tokens":1}');
      return;
    }
    const request: UpstreamRequest = { ...JSON.parse(body), aborted: () => response.destroyed };
    requests.push(request);
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    await send(response, request.model, await answer(request));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    script: (next) => {
      answer = next;
    },
    received: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function send(response: ServerResponse, model: string, reply: Reply): Promise<void> {
  if (reply.error !== undefined) {
    const { status, ...error } = reply.error;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ type: 'error', error }));
    return;
  }
  const blocks = reply.blocks ?? [];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  event('message_start', {
    message: {
      id: `msg_${randomUUID()}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1, ...reply.usage },
    },
  });
  blocks.forEach((block, index) => {
    event('content_block_start', { index, content_block: emptyBlock(block) });
    for (const delta of block.deltas) event('content_block_delta', { index, delta: deltaOf(block, delta) });
    if (block.type === 'thinking')
      event('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'c2lnbmF0dXJl' } });
    event('content_block_stop', { index });
  });
  await reply.hold;
  if (reply.breakOff) {
    // Long enough for what was written to arrive.
    await new Promise((resolve) => setTimeout(resolve, 100));
    response.destroy();
    return;
  }
  const stopReason =
    reply.stopReason ?? (blocks.some((b) => b.type === 'tool_use') ? 'tool_use' : 'end_turn');
  event('message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: 5, ...reply.usage },
  });
  event('message_stop', {});
  response.end();
}

function emptyBlock(block: ReplyBlock): object {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: {} };
  }
}

function deltaOf(block: ReplyBlock, delta: string): object {
  switch (block.type) {
    case 'text':
      return { type: 'text_delta', text: delta };
    case 'thinking':
      return { type: 'thinking_delta', thinking: delta };
    case 'tool_use':
      return { type: 'input_json_delta', partial_json: delta };
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
