import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noUsage, TurnError, type TurnEvent } from '../../turn/index.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { createTracing } from './create-tracing.ts';
import type { TracedRun, Tracing } from './tracing.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number; readonly arrayValue?: object };
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number; readonly message?: string };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** A collector on this machine. */
class Collector {
  readonly received: { path: string; headers: Record<string, unknown>; body: Export }[] = [];
  status = 200;
  readonly #server: Server = createServer(async (request, response) => {
    const body = JSON.parse((await buffer(request)).toString());
    this.received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get spans(): Span[] {
    return this.received.flatMap(({ body }) =>
      body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

let collector: Collector;
let url: string;
let tracing: Tracing | undefined;
const warnings: unknown[] = [];
beforeEach(async () => {
  collector = new Collector();
  url = await collector.start();
});
afterEach(async () => {
  await tracing?.[Symbol.asyncDispose]();
  tracing = undefined;
  warnings.length = 0;
  vi.unstubAllEnvs();
  await collector.stop();
});

/** The libraries read `process.env`, so the test sets it. */
async function start(
  environment: Record<string, string> = { OTEL_EXPORTER_OTLP_ENDPOINT: url },
): Promise<Tracing> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const warn = (...told: unknown[]): void => void warnings.push(told);
  tracing = await createTracing(environment, '1.2.3', { warn });
  return tracing;
}

const run: TracedRun = {
  requestId: 'req_1',
  startedAt: 1_700_000_000_000,
  headers: {},
  model: 'gpt-5',
  profile: 'agent',
};

const begins = (callId: string, name: string, parentCallId?: string): TurnEvent => ({
  type: 'tool.started',
  callId,
  name,
  input: { command: 'secret contents' },
  ...(parentCallId !== undefined && { parentCallId }),
});
const ends = (callId: string, name: string, isError = false): TurnEvent => ({
  type: 'tool.done',
  callId,
  name,
  isError,
  output: 'secret contents',
});

const attributesOf = (
  span: { readonly attributes: readonly Attribute[] } | undefined,
): Record<string, unknown> =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);

describe('tracing', () => {
  test.each<[string, Record<string, string>]>([
    ['without a collector', {}],
    ['with an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    [
      'where OpenTelemetry is disabled',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'True' },
    ],
    [
      'without an exporter',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' },
    ],
  ])('is off %s', async (_, environment) => {
    const tracing = await start(environment);
    expect(tracing.enabled).toBe(false);
    const span = tracing.beginRun(run);
    span.observe({ choice: 0, event: begins('call_1', 'Bash') });
    span.end(sampleRecord());
    await tracing.flush();
  });

  test('tells a run of the agent and the tools that it used, without their contents', async () => {
    const tracing = await start();
    const span = tracing.beginRun(run);
    const observe = (event: TurnEvent, choice = 0): void => span.observe({ choice, event });
    observe(begins('call_1', 'Task'));
    observe(begins('call_2', 'Bash', 'call_1'));
    observe(begins('call_2', 'Read'), 1);
    observe(ends('call_2', 'Bash', true));
    observe(ends('call_1', 'Task'));
    observe(begins('call_3', 'Write'));
    observe({ type: 'error', error: new TurnError('cancelled', 'secret contents'), usage: noUsage });
    span.end(
      sampleRecord({
        conversation: 'conv_1',
        responseId: 'resp_1',
        errorMessage: 'secret contents',
        errorCode: 'cancelled',
        status: 499,
      }),
    );
    observe(begins('call_4', 'Late'));
    span.end(sampleRecord());
    await tracing.flush();

    const [request] = collector.received;
    expect(request?.path).toBe('/v1/traces');
    expect(JSON.stringify(collector.received)).not.toContain('secret contents');
    const byName = new Map(collector.spans.map((one) => [one.name, one]));
    expect([...byName.keys()].sort()).toEqual([
      'execute_tool Bash',
      'execute_tool Read',
      'execute_tool Task',
      'execute_tool Write',
      'invoke_agent agent',
    ]);
    const root = byName.get('invoke_agent agent');
    expect(root).toMatchObject({ kind: 1, startTimeUnixNano: '1700000000000000000', status: { code: 2 } });
    expect(root?.parentSpanId).toBeUndefined();
    expect(attributesOf(root)).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.agent.name': 'agent',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.model': 'claude-sonnet-4-5',
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.finish_reasons': { values: [{ stringValue: 'end' }] },
      'gen_ai.conversation.id': 'conv_1',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'error.type': 'cancelled',
      'claudecode.request.id': 'req_1',
    });
    const task = byName.get('execute_tool Task');
    expect(task).toMatchObject({ traceId: root?.traceId, parentSpanId: root?.spanId, status: { code: 0 } });
    expect(attributesOf(task)).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'Task',
      'gen_ai.tool.call.id': 'call_1',
    });
    const bash = byName.get('execute_tool Bash');
    expect(bash).toMatchObject({ parentSpanId: task?.spanId, status: { code: 2 } });
    expect(attributesOf(bash)).toMatchObject({ 'error.type': 'tool_error' });
    expect(attributesOf(byName.get('execute_tool Write'))).toMatchObject({
      'claudecode.tool.unfinished': true,
    });
  });

  test('tells a run without tools as a chat with the model', async () => {
    const tracing = await start();
    tracing.beginRun({ ...run, profile: 'model' }).end(sampleRecord({ profile: 'model' }));
    await tracing.flush();
    expect(collector.spans).toMatchObject([{ name: 'chat gpt-5', kind: 3, status: { code: 0 } }]);
    expect(attributesOf(collector.spans[0])).not.toHaveProperty('error.type');
  });

  test('goes on with the trace of the client, sampled or not', async () => {
    const tracing = await start();
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    for (const headers of [
      { traceparent: `00-${traceId}-${spanId}-01` },
      { traceparent: `00-${traceId}-${spanId}-00` },
      { traceparent: 'garbage\r\n' },
    ])
      tracing.beginRun({ ...run, headers }).end(sampleRecord());
    await tracing.flush();
    expect(collector.spans).toHaveLength(2);
    expect(collector.spans[0]).toMatchObject({ traceId, parentSpanId: spanId });
    expect(collector.spans[1]?.traceId).not.toBe(traceId);
  });

  test('obeys the standard variables', async () => {
    const tracing = await start({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/collect`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue%20sky',
      OTEL_SERVICE_NAME: 'my-agent',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    });
    tracing.beginRun(run).end(sampleRecord());
    await tracing.flush();
    const [request] = collector.received;
    expect(request).toMatchObject({
      path: '/collect',
      headers: { 'x-team': 'blue sky', 'content-type': 'application/json' },
    });
    expect(attributesOf(request?.body.resourceSpans[0]?.resource)).toMatchObject({
      'service.name': 'my-agent',
      'service.version': '1.2.3',
      'deployment.environment.name': 'staging',
    });
  });

  test('obeys the sampler, and has a name of its own by default', async () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: url };
    let tracing = await start({ ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' });
    tracing.beginRun(run).end(sampleRecord());
    await tracing[Symbol.asyncDispose]();
    expect(collector.received).toEqual([]);
    vi.unstubAllEnvs();
    tracing = await start(endpoint);
    tracing.beginRun(run).end(sampleRecord());
    // What is left is sent at the end.
    await tracing[Symbol.asyncDispose]();
    expect(attributesOf(collector.received[0]?.body.resourceSpans[0]?.resource)).toMatchObject({
      'service.name': 'claudecode-api',
    });
  });

  test('complains once of a collector that refuses, and does no harm', async () => {
    // Each span is sent by itself, at once.
    const tracing = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '1' });
    collector.status = 400;
    for (let count = 1; count <= 3; count++) {
      tracing.beginRun(run).end(sampleRecord());
      await vi.waitFor(() => expect(collector.received).toHaveLength(count));
    }
    tracing.beginRun(run).end(sampleRecord());
    await tracing.flush();
    expect(warnings).toEqual([[{ cause: expect.any(String) }, 'traces could not be sent as asked']]);
  });

  test('warns of a protocol that it does not speak', async () => {
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(warnings).toEqual([[expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL=grpc')]]);
  });
});
