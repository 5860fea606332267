import { afterAll, beforeAll, expect, test } from 'vitest';
import type { McpServer, TurnEvent } from '../../src/turn/index.ts';
import { startMcpServer, type TestMcpServer } from '../support/mcp-server.ts';
import { startEngine, type TestEngine, textOf, turnOf, userSays } from '../support/start-engine.ts';
import { call, lastResults, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let mcp: TestMcpServer;
let engine: TestEngine;

beforeAll(async () => {
  upstream = await startUpstream();
  mcp = await startMcpServer();
  engine = await startEngine(upstream);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await mcp[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

function server(more: Partial<McpServer> = {}): McpServer {
  return {
    label: 'records',
    url: mcp.url,
    headers: { Authorization: 'Bearer for-mcp' },
    approval: { default: 'never' },
    ...more,
  };
}

/** Calls the tool, then says what it was told. */
function scriptCall(tool: string, input: object): void {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say(JSON.stringify(lastResults(request)[0]?.content))
      : { blocks: [call(`mcp__records__${tool}`, input)] },
  );
}

function types(events: readonly TurnEvent[]): string[] {
  return events.map((event) => event.type);
}

test('the agent calls a tool of the client’s server by itself', async () => {
  scriptCall('look_up', { key: 'a' });
  const events = await engine.run(turnOf([userSays('look')], { mcpServers: [server()] }));
  expect(textOf(events)).toContain('value of a');
  expect(mcp.calls.at(-1)).toEqual({ tool: 'look_up', input: { key: 'a' } });
  expect(mcp.authorizations).toContain('Bearer for-mcp');
  expect(events.find((event) => event.type === 'tool.started')).toMatchObject({
    server: 'records',
    name: 'look_up',
    input: { key: 'a' },
  });
});

test('only the allowed tools are offered', async () => {
  upstream.script(() => say('fine'));
  await engine.run(
    turnOf([userSays('x')], { mcpServers: [server({ allowedTools: { toolNames: ['look_up'] } })] }),
  );
  expect(upstream.requests.at(-1)?.tools?.map((tool) => tool.name)).toEqual(['mcp__records__look_up']);
});

test('a call that needs approval is not made; approved, it is made', async () => {
  scriptCall('delete_all', {});
  const before = mcp.calls.length;
  const mcpServers = [server({ approval: { default: 'always', never: { readOnly: true } } })];
  const asked = await engine.run(turnOf([userSays('wipe')], { mcpServers }));
  expect(asked.find((event) => event.type === 'approval.requested')).toMatchObject({
    server: 'records',
    name: 'delete_all',
    arguments: {},
  });
  expect(asked.at(-1)).toMatchObject({ type: 'done', stopReason: 'client-calls' });
  expect(types(asked)).not.toContain('tool.started');
  expect(mcp.calls.length).toBe(before);

  const approvedCalls = [{ server: 'records', name: 'delete_all', arguments: {} }];
  const done = await engine.run(
    turnOf([userSays('wipe'), userSays('Approved.')], { mcpServers, approvedCalls }),
  );
  expect(textOf(done)).toContain('all deleted');
  expect(mcp.calls.at(-1)).toEqual({ tool: 'delete_all', input: {} });
});

test('a read-only tool needs no approval where the rule says so', async () => {
  scriptCall('look_up', { key: 'b' });
  const mcpServers = [server({ approval: { default: 'always', never: { readOnly: true } } })];
  const events = await engine.run(turnOf([userSays('look again')], { mcpServers }));
  expect(textOf(events)).toContain('value of b');
});

test('a server that cannot be reached is a clear error', async () => {
  const mcpServers = [server({ url: 'http://127.0.0.1:9/mcp' })];
  const events = await engine.run(turnOf([userSays('x')], { mcpServers }));
  expect(events).toMatchObject([
    { type: 'error', error: { code: 'invalid_request', message: expect.stringContaining("'records'") } },
  ]);
});
