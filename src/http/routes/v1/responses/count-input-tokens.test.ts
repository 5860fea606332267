import { afterEach, expect, test } from 'vitest';
import { TurnError } from '../../../../turn/index.ts';
import { failure, says, started } from '../../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

test('the count is what upstream read, for an answer of one token', async () => {
  server = await startTestServer(() => says('x'));
  const counted = await server.client.responses.inputTokens.count({ model: 'gpt-5', input: 'Hi' });
  expect(counted).toMatchObject({ object: 'response.input_tokens', input_tokens: 10 });
  expect(server.engine.runs[0]?.turn).toMatchObject({
    output: { maxTokens: 1 },
    reasoning: { effort: 'none' },
  });
});

test('a failure has its own status', async () => {
  server = await startTestServer(() => [started, failure(new TurnError('overloaded', 'Busy.'))]);
  const call = server.client.responses.inputTokens.count({ model: 'gpt-5', input: 'Hi' });
  await expect(call).rejects.toMatchObject({ status: 503, code: 'server_is_overloaded' });
});

test('without a question there is nothing to count', async () => {
  server = await startTestServer(() => says('x'));
  const call = server.client.responses.inputTokens.count({ model: 'gpt-5', input: [] });
  await expect(call).rejects.toMatchObject({ status: 400 });
});
