import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkResponseEvents } from '../support/check-response-events.ts';
import { startMcpServer, type TestMcpServer } from '../support/mcp-server.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call, lastResults, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let mcp: TestMcpServer;
let server: TestApp;

beforeAll(async () => {
  upstream = await startUpstream();
  mcp = await startMcpServer();
  server = await startApp({ upstream });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await mcp[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function records(require_approval: 'always' | 'never'): OpenAI.Responses.Tool.Mcp {
  return { type: 'mcp', server_label: 'records', server_url: mcp.url, require_approval };
}

test('a call of the client’s MCP server is an item of the answer', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('Found it.')
      : { blocks: [call('mcp__records__look_up', { key: 'k' })] },
  );
  const stream = await server.openai.responses.create({
    model: 'model',
    input: 'look it up',
    tools: [records('never')],
    stream: true,
  });
  const events: OpenAI.Responses.ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  checkResponseEvents(events);
  const last = events.at(-1);
  const output = last?.type === 'response.completed' ? last.response.output : [];
  expect(output).toMatchObject([
    {
      type: 'mcp_call',
      server_label: 'records',
      name: 'look_up',
      arguments: '{"key":"k"}',
      output: 'value of k',
      error: null,
    },
    { type: 'message' },
  ]);
});

test('a call that needs approval waits for it over two requests, and a refusal keeps it from being made', async () => {
  upstream.script((request) => {
    if (lastResults(request).length > 0) return say('All gone.');
    // The decision is told as a reminder.
    return JSON.stringify(request.messages).includes('declined')
      ? say('Then not.')
      : { blocks: [call('mcp__records__delete_all', {})] };
  });
  const ask = () =>
    server.openai.responses.create({ model: 'model', input: 'delete it all', tools: [records('always')] });
  const answer = (response: OpenAI.Responses.Response, approve: boolean) => {
    const request = response.output.find((item) => item.type === 'mcp_approval_request');
    expect(request).toMatchObject({ server_label: 'records', name: 'delete_all', arguments: '{}' });
    return server.openai.responses.create({
      model: 'model',
      previous_response_id: response.id,
      input: [{ type: 'mcp_approval_response', approval_request_id: request?.id ?? '', approve }],
      tools: [records('always')],
    });
  };

  expect((await answer(await ask(), false)).output_text).toBe('Then not.');
  expect(mcp.calls.filter(({ tool }) => tool === 'delete_all')).toEqual([]);

  expect((await answer(await ask(), true)).output_text).toBe('All gone.');
  expect(mcp.calls.filter(({ tool }) => tool === 'delete_all')).toHaveLength(1);
});
