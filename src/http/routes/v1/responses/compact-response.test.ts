import { afterEach, expect, test } from 'vitest';
import { TurnError } from '../../../../turn/index.ts';
import { failure, says, started } from '../../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

const isCompaction = (turn: { tools: { choice: { type: string } } }) => turn.tools.choice.type === 'none';

test('a compacted conversation goes on from its summary', async () => {
  server = await startTestServer((turn) => says(isCompaction(turn) ? 'They greeted.' : 'Hello'));
  const { client, engine } = server;
  const first = await client.responses.create({ model: 'gpt-5', input: 'Hi' });
  const compacted = await client.responses.compact({ model: 'gpt-5', previous_response_id: first.id });
  expect(compacted).toMatchObject({
    object: 'response.compaction',
    output: [{ type: 'message', role: 'user' }, { type: 'compaction' }],
    usage: { input_tokens: 10, output_tokens: 3 },
  });
  // The turn that is compacted is asked in the process that has it.
  expect(engine.runs[1]?.turn.after).toBe(first.id);
  const input = [...compacted.output, { role: 'user', content: 'Go on.' }] as never;
  expect((await client.responses.create({ model: 'gpt-5', input })).output_text).toBe('Hello');
  expect(JSON.stringify(engine.runs[2]?.turn.messages)).toContain('They greeted.');
  await expect(client.responses.retrieve(compacted.id)).rejects.toMatchObject({ status: 404 });
});

test('a failure has its own status', async () => {
  server = await startTestServer(() => [started, failure(new TurnError('overloaded', 'Busy.'))]);
  const call = server.client.responses.compact({ model: 'gpt-5', input: 'Hi' });
  await expect(call).rejects.toMatchObject({ status: 503, code: 'server_is_overloaded' });
});
