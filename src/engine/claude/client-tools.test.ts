import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClientTool, ToolResultPart } from '../../turn/index.ts';
import { asTextResults, ClientTools, clientServerName } from './client-tools.ts';

const look: ClientTool = {
  name: 'look',
  description: 'Looks.',
  inputSchema: {
    type: 'object',
    properties: { at: { type: 'string' } },
    additionalProperties: false,
    'x-own': 1,
  },
};
const opened: Client[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
});

/** Stands where Claude Code stands. */
async function connect(tools: ClientTools): Promise<Client> {
  const server = tools.servers()[clientServerName];
  if (server === undefined || !('instance' in server)) throw new Error('no server');
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  const instance: { connect(transport: Transport): Promise<void> } = server.instance;
  const client = new Client({ name: 'engine', version: '1' });
  await Promise.all([instance.connect(theirs), client.connect(mine)]);
  opened.push(client);
  return client;
}

async function call(client: Client, callId: string): Promise<unknown> {
  const _meta = { 'claudecode/toolUseId': callId };
  return (await client.callTool({ name: 'look', arguments: {}, _meta })).content;
}

const result = (callId: string, text: string) =>
  ({ type: 'tool-result', callId, content: [{ type: 'text', text }] }) as const;
const said = (text: string) => [{ type: 'text', text }];

/** Lets requests travel. */
async function settle(): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds++) await new Promise((resolve) => setImmediate(resolve));
}

describe('offering the tools', () => {
  test('they are told with name, description and schema as the client gave them', async () => {
    const { tools } = await (await connect(new ClientTools([look]))).listTools();
    expect(tools).toMatchObject([look]);
  });

  test('a schema without a type is one of an object', async () => {
    const client = await connect(new ClientTools([{ name: 'look', inputSchema: {} }]));
    expect((await client.listTools()).tools[0]?.inputSchema).toEqual({ type: 'object' });
  });

  test('they may be called at once, and are not hidden behind tool search', async () => {
    const { tools } = await (await connect(new ClientTools([look]))).listTools();
    expect(tools[0]).toMatchObject({
      annotations: { readOnlyHint: true },
      _meta: { 'anthropic/alwaysLoad': true },
    });
  });

  test('without tools there is no server at all', () => {
    expect(new ClientTools([]).servers()).toEqual({});
  });

  test('only the tools that the client gave are its tools', () => {
    const tools = new ClientTools([look]);
    expect([tools.has('look'), tools.has('Bash')]).toEqual([true, false]);
  });
});

describe('parked calls', () => {
  test('a call waits until its result comes', async () => {
    const tools = new ClientTools([look]);
    const answer = call(await connect(tools), 'c1');
    await settle();
    tools.resolve([result('c1', 'snow')]);
    expect(await answer).toEqual(said('snow'));
  });

  test('a result that comes before its call is kept for it', async () => {
    const tools = new ClientTools([look]);
    const client = await connect(tools);
    tools.resolve([result('c1', 'snow')]);
    expect(await call(client, 'c1')).toEqual(said('snow'));
  });

  test('parallel calls get their own results, come they together or not, before or after', async () => {
    const tools = new ClientTools([look]);
    const client = await connect(tools);
    tools.resolve([result('c2', 'two')]);
    const answers = Promise.all(['c1', 'c2', 'c3'].map((callId) => call(client, callId)));
    await settle();
    tools.resolve([result('c3', 'three'), result('c1', 'one')]);
    expect(await answers).toEqual([said('one'), said('two'), said('three')]);
  });

  test('a call goes on waiting while others are answered', async () => {
    const tools = new ClientTools([look]);
    const client = await connect(tools);
    let answered = false;
    const first = call(client, 'c1').finally(() => {
      answered = true;
    });
    const second = call(client, 'c2');
    await settle();
    tools.resolve([result('c2', 'two')]);
    await second;
    await settle();
    expect(answered).toBe(false);
    tools.resolve([result('c1', 'one')]);
    await first;
  });

  test('only results of nothing but text can be handed over', () => {
    const seen: ToolResultPart = {
      ...result('c1', 'as it looks'),
      content: [{ type: 'image', source: { kind: 'url', url: 'https://a.example/1.png' } }],
    };
    const told = result('c2', 'snow');
    expect(asTextResults([told])).toEqual([told]);
    expect(asTextResults([told, seen])).toBeUndefined();
  });

  test('a call that does not say which it is fails instead of waiting for ever', async () => {
    const client = await connect(new ClientTools([look]));
    await expect(client.callTool({ name: 'look', arguments: {} })).rejects.toThrow(/which call/);
  });
});
