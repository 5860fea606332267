import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentProfile, type Message, modelProfile, type Turn } from '../../src/turn/index.ts';
import { temporaryDirectory } from '../support/start-app.ts';
import {
  assistantSays,
  sourceOf,
  startEngine,
  type TestEngine,
  textOf,
  turnOf,
  userSays,
} from '../support/start-engine.ts';
import { processesWith } from '../support/start-server.ts';
import { call, conversation, lastResults, say, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let testEngine: TestEngine;

beforeAll(async () => {
  upstream = await startUpstream();
  testEngine = await startEngine(upstream);
});
afterAll(async () => {
  await testEngine[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const weather: Turn['tools'] = {
  tools: [{ name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }],
  choice: { type: 'auto' },
  parallel: true,
};

const openCall: Message[] = [
  userSays('first'),
  assistantSays('reply'),
  userSays('weather?'),
  {
    role: 'assistant',
    parts: [{ type: 'tool-call', callId: 'call_1', name: 'get_weather', arguments: { city: 'Oslo' } }],
  },
  {
    role: 'user',
    parts: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'snow' }] }],
  },
];

const data =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data } } as const;
const pictureSent = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
const says = (text: string) => ({ type: 'text', text }) as const;

test('the self-test proves injection without asking a model', async () => {
  await testEngine.engine.started();
  expect(testEngine.engine.status()).toMatchObject({ state: 'ready', injection: 'proven' });
  expect(upstream.requests).toEqual([]);
});

test('two owners with the same conversation never share a process or a transcript', async () => {
  upstream.script(() => say('same answer'));
  const first = await testEngine.run(turnOf([userSays('hello')], { owner: 'alice' }));
  const going = [userSays('hello'), assistantSays(textOf(first)), userSays('go on')];
  const bob = await testEngine.run(turnOf(going, { owner: 'bob' }));
  expect(sourceOf(bob)).toBe('synthesised');
  const alice = await testEngine.run(turnOf(going, { owner: 'alice' }));
  expect(sourceOf(alice)).toBe('live');
});

test('owners work in directories of their own', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say(JSON.stringify(lastResults(request)[0]?.content))
      : { blocks: [call('Bash', { command: 'pwd', description: 'x' })] },
  );
  const directories = await Promise.all(
    ['local', 'alice', 'bob'].map(async (owner) =>
      textOf(await testEngine.run(turnOf([userSays('where?')], { owner, profile: agentProfile }))),
    ),
  );
  expect(new Set(directories).size).toBe(3);
  expect(directories[1]).toContain('/workspace/owner-');
});

test('a process is taken up again after the conversation moved through white space only', async () => {
  upstream.script(() => say('line one\n', '\nline two '));
  await testEngine.run(turnOf([userSays('format')]));
  const events = await testEngine.run(
    turnOf([userSays('format'), assistantSays('line one\nline two'), userSays('more')]),
  );
  expect(sourceOf(events)).toBe('live');
});

test('a call id that upstream would refuse gets a form that it takes, the same for call and result', async () => {
  upstream.script(() => say('fine'));
  const strange = openCall.map(
    (message): Message => JSON.parse(JSON.stringify(message).replaceAll('call_1', 'functions.get_weather:0')),
  );
  await testEngine.run(turnOf(strange, { tools: weather }));
  const received = JSON.stringify(conversation(upstream.requests.at(-1)));
  expect(received).not.toContain('functions.get_weather:0');
  const ids = [...received.matchAll(/"(?:id|tool_use_id)":"([^"]+)"/g)].map((match) => match[1]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('aborting ends the run with one cancelled event', async () => {
  upstream.script(() => ({ ...say('I beg'), hold: new Promise(() => {}) }));
  const controller = new AbortController();
  const events: string[] = [];
  for await (const event of testEngine.engine.runTurn(turnOf([userSays('x')]), {
    signal: controller.signal,
  })) {
    events.push(event.type === 'error' ? `error ${event.error.code}` : event.type);
    if (event.type === 'text.delta') controller.abort();
  }
  expect(events.at(-1)).toBe('error cancelled');
  expect(events.filter((type) => type.startsWith('error') || type === 'done')).toHaveLength(1);
});

test('a run that takes longer than allowed ends with a timeout', async () => {
  await using impatient = await startEngine(upstream, { requestTimeoutSeconds: 2 });
  upstream.script(() => ({ ...say('never'), hold: new Promise(() => {}) }));
  const events = await impatient.run(turnOf([userSays('x')]));
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'timeout' } });
});

describe('without injection', () => {
  let fallback: TestEngine;
  let outside: string;
  beforeAll(async () => {
    outside = await temporaryDirectory();
    // Claude Code shortens the names of what belongs to such a directory.
    const parent = path.join(outside, 'deep'.repeat(50));
    await mkdir(parent);
    fallback = await startEngine(upstream, { allowInjection: false, parent });
  });
  afterAll(async () => {
    await fallback[Symbol.asyncDispose]();
    await rm(outside, { recursive: true });
  });

  test('a history goes through a transcript, exactly', async () => {
    upstream.script(() => say('fine'));
    const before = upstream.requests.length;
    const events = await fallback.run(turnOf([userSays('a'), assistantSays('b'), userSays('c')]));
    expect(sourceOf(events)).toBe('synthesised');
    expect(upstream.requests.length - before).toBe(1);
    expect(conversation(upstream.requests.at(-1)).map((message) => message.role)).toEqual([
      'user',
      'assistant',
      'user',
    ]);
  });

  test('a picture is passed on with nothing beside it', async () => {
    const shown: Message = { role: 'user', parts: [picture, says('what is it?')] };
    const turn = turnOf([shown, assistantSays('b'), shown], { profile: agentProfile });
    expect(sourceOf(await fallback.run(turn))).toBe('synthesised');
    const content = [pictureSent, says('what is it?')];
    expect(conversation(upstream.requests.at(-1))).toEqual([
      { role: 'user', content },
      { role: 'assistant', content: 'b' },
      { role: 'user', content },
    ]);
  });

  test('results of an open call reach upstream, by resuming the interrupted turn', async () => {
    upstream.script(() => say('It snows.'));
    const before = upstream.requests.length;
    const events = await fallback.run(turnOf(openCall, { tools: weather }));
    expect(textOf(events)).toBe('It snows.');
    expect(upstream.requests.length - before).toBe(1);
    const received = JSON.stringify(conversation(upstream.requests.at(-1)));
    expect(received).toContain('"tool_use_id":"call_1"');
    expect(received).toContain('snow');
  });
});

test('disposing of an engine ends a turn that runs, and every process', async () => {
  const doomed = await startEngine(upstream);
  upstream.script(() => ({ ...say('I beg'), hold: new Promise(() => {}) }));
  const running = doomed.run(turnOf([userSays('x')]));
  const before = upstream.requests.length;
  await upstream.received(before + 1);
  await doomed[Symbol.asyncDispose]();
  expect((await running).at(-1)).toMatchObject({ type: 'error', error: { code: 'shutting_down' } });
  expect(processesWith(`HOME=${doomed.directory}\0`)).toEqual([]);
});

test('a turn that names its predecessor goes on from just that one, though another looks the same', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('Done.')
      : {
          blocks: [call('Bash', { command: 'echo', description: 'x' }, `toolu_${upstream.requests.length}`)],
        },
  );
  const asked = [userSays('do the thing')];
  const more = { profile: agentProfile, owner: 'carol' };
  await testEngine.run(turnOf(asked, { ...more, id: 'turn_a' }));
  const callOfA = JSON.stringify(upstream.requests.at(-1)?.messages).match(/toolu_\d+/)?.[0];
  await testEngine.run(turnOf(asked, { ...more, id: 'turn_b' }));
  upstream.script(() => say('Indeed.'));
  const going = [...asked, assistantSays('Done.'), userSays('really?')];
  const live = await testEngine.run(turnOf(going, { ...more, id: 'turn_c', after: 'turn_a' }));
  expect(sourceOf(live)).toBe('live');
  expect(JSON.stringify(upstream.requests.at(-1)?.messages)).toContain(callOfA);
  const stored = await testEngine.run(turnOf(going, { ...more, id: 'turn_d', after: 'turn_a' }));
  expect(sourceOf(stored)).toBe('stored');
  expect(JSON.stringify(upstream.requests.at(-1)?.messages)).toContain(callOfA);
});

test('calls of the agent’s tools beyond the limit are declined, and it goes on without', async () => {
  const told: string[] = [];
  upstream.script((request) => {
    const results = lastResults(request);
    told.push(...results.map((result) => JSON.stringify(result.content)));
    return told.length < 3
      ? { blocks: [call('Bash', { command: `echo run ${told.length}`, description: 'x' })] }
      : say('Enough.');
  });
  const tools: Turn['tools'] = { tools: [], choice: { type: 'auto' }, parallel: true, maxBuiltInCalls: 2 };
  const events = await testEngine.run(turnOf([userSays('run and run')], { profile: agentProfile, tools }));
  expect(textOf(events)).toBe('Enough.');
  expect(told).toEqual([
    expect.stringContaining('run 0'),
    expect.stringContaining('run 1'),
    expect.stringContaining('limit of tool calls'),
  ]);
});

describe('pictures', () => {
  let own: TestEngine;
  beforeAll(async () => {
    own = await startEngine(upstream);
  });
  afterAll(() => own[Symbol.asyncDispose]());

  const first: Message = { role: 'user', parts: [picture, says('what is it?')] };
  const second: Message = { role: 'user', parts: [says('and'), picture, says('this?'), picture] };
  const received = [
    { role: 'user', content: [pictureSent, says('what is it?')] },
    { role: 'assistant', content: 'a dot' },
    { role: 'user', content: [says('and'), pictureSent, says('this?'), pictureSent] },
  ];

  test.each([
    ['a model', modelProfile],
    ['an agent', agentProfile],
  ])('reach %s as they were sent, with nothing beside them', async (_, profile) => {
    upstream.script(() => say('a dot'));
    const run = async (messages: readonly Message[]) => {
      const source = sourceOf(await own.run(turnOf(messages, { profile })));
      return { source, conversation: conversation(upstream.requests.at(-1)) };
    };
    const going = [first, assistantSays('a dot'), second];
    expect(await run([first])).toEqual({ source: 'new', conversation: received.slice(0, 1) });
    expect(await run(going)).toEqual({ source: 'live', conversation: received });
    expect(await run(going)).toEqual({ source: 'stored', conversation: received });
    const elsewhere: Message = { role: 'user', parts: [picture, says('another history')] };
    expect(await run([elsewhere, ...going.slice(1)])).toEqual({
      source: 'synthesised',
      conversation: [{ role: 'user', content: [pictureSent, says('another history')] }, ...received.slice(1)],
    });
  });

  test('in the results of a client’s tools do, too', async () => {
    const ask = [userSays('weather by picture?')];
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('It snows.')
        : { blocks: [call('get_weather', {}, 'toolu_seen')] },
    );
    await own.run(turnOf(ask, { tools: weather }));
    const called: Message = {
      role: 'assistant',
      parts: [{ type: 'tool-call', callId: 'toolu_seen', name: 'get_weather', arguments: {} }],
    };
    const answered: Message = {
      role: 'user',
      parts: [{ type: 'tool-result', callId: 'toolu_seen', content: [picture, says('as it looks')] }],
    };
    for (const owner of ['local', 'another']) {
      await own.run(turnOf([...ask, called, answered], { tools: weather, owner }));
      expect(lastResults(upstream.requests.at(-1) ?? fail())[0]?.content).toEqual([
        pictureSent,
        says('as it looks'),
      ]);
    }
  });

  test('are kept in the database alone', async () => {
    await own.engine[Symbol.asyncDispose]();
    const temporary = path.join(tmpdir(), `claude-${process.getuid?.() ?? 0}`);
    // Others make and remove theirs beside it meanwhile.
    const folders = (await readdir(temporary)).filter((name) => name.includes(path.basename(own.directory)));
    const directories = [own.directory, ...folders.map((name) => path.join(temporary, name))];
    const ofOwn = (await Promise.all(directories.map(filesIn))).flat();
    const keeps = await Promise.all(
      ofOwn.map(async (file) => {
        const content = await readFile(file);
        return content.includes(data) || content.includes(Buffer.from(data, 'base64'));
      }),
    );
    const places = ofOwn.filter((_, index) => keeps[index]).map((file) => path.basename(file));
    expect(new Set(places.map((name) => name.replace(/-(?:wal|shm)$/, '')))).toEqual(
      new Set(['engine.sqlite']),
    );
  });
});

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

function fail(): never {
  throw new Error('upstream received nothing');
}
