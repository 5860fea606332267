import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServerMessage } from '../../../src/contract/index.ts';
import { backOffMs, LiveConnection, type SocketHandlers } from './live-connection.ts';

interface FakeSocket extends SocketHandlers {
  readonly sent: unknown[];
  closed: boolean;
}

let sockets: FakeSocket[];
let connection: LiveConnection;
const onSessionEnded = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onSessionEnded.mockReset();
  sockets = [];
  connection = new LiveConnection({
    random: () => 1,
    onSessionEnded,
    open: (handlers) => {
      const socket: FakeSocket = { ...handlers, sent: [], closed: false };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.closed = true;
        },
      };
    },
  });
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

function latest(): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error('Nothing was opened.');
  return socket;
}

function say(message: ServerMessage): void {
  latest().onMessage(JSON.stringify(message));
}

function hello(epoch = 'one'): void {
  say({ type: 'hello', data: { epoch }, timestamp: 0 });
}

function subscribed(seq: number, { gap = false, epoch = 'one' } = {}): void {
  say({ type: 'subscribed', data: { channel: 'keys', epoch, seq, gap }, timestamp: 0 });
}

function publish(seq: number): void {
  say({ type: 'api_key_deleted', data: { id: `key_${seq}` }, channel: 'keys', seq, timestamp: 0 });
}

function watchKeys() {
  const seen: number[] = [];
  const onGap = vi.fn();
  const end = connection.watch('keys', { onEvent: ({ seq }) => seen.push(seq), onGap });
  return { seen, onGap, end };
}

test('a channel is asked for once the server has said hello, and left with its last listener', () => {
  connection.start();
  const first = watchKeys();
  const second = watchKeys();
  expect(latest().sent).toEqual([]);
  hello();
  expect(connection.state).toBe('live');
  expect(latest().sent).toEqual([{ type: 'subscribe', data: { channel: 'keys' } }]);
  subscribed(4);
  publish(5);
  expect(first.seen).toEqual([5]);
  first.end();
  publish(6);
  expect(second.seen).toEqual([5, 6]);
  second.end();
  second.end();
  expect(latest().sent.slice(1)).toEqual([{ type: 'unsubscribe', data: { channel: 'keys' } }]);
});

describe('after a break', () => {
  test('what was missed is asked for, and each event is told once', () => {
    connection.start();
    const { seen, onGap } = watchKeys();
    hello();
    subscribed(4);
    publish(5);
    latest().onClose(1006);
    expect(connection.state).toBe('offline');
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    hello();
    expect(latest().sent).toEqual([
      { type: 'subscribe', data: { channel: 'keys', after: { epoch: 'one', seq: 5 } } },
    ]);
    subscribed(7);
    publish(5);
    publish(6);
    publish(7);
    publish(8);
    expect(seen).toEqual([5, 6, 7, 8]);
    expect(onGap).not.toHaveBeenCalled();
  });

  test('a gap is told, and what follows is taken from there on', () => {
    connection.start();
    const { seen, onGap } = watchKeys();
    hello();
    subscribed(4);
    latest().onClose(1006);
    vi.advanceTimersByTime(1000);
    hello('two');
    subscribed(2, { gap: true, epoch: 'two' });
    expect(onGap).toHaveBeenCalledOnce();
    publish(2);
    publish(3);
    publish(3);
    expect(seen).toEqual([2, 3]);
  });

  test('the wait grows, and a server that answers makes it short again', () => {
    connection.start();
    latest().onClose(1006);
    vi.advanceTimersByTime(1000);
    latest().onClose(1006);
    vi.advanceTimersByTime(1999);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(3);
    hello();
    latest().onClose(1006);
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(4);
  });

  test('somebody who is in a hurry does not wait', () => {
    connection.start();
    latest().onClose(1006);
    connection.hurry();
    expect(sockets).toHaveLength(2);
    connection.hurry();
    expect(sockets).toHaveLength(2);
  });
});

test('a connection that falls silent is given up, and what it says afterwards is not heard', () => {
  connection.start();
  const { seen } = watchKeys();
  hello();
  subscribed(0);
  const silent = latest();
  vi.advanceTimersByTime(60_000);
  expect(silent.sent).toContainEqual({ type: 'ping' });
  expect(silent.closed).toBe(true);
  const message = { type: 'api_key_deleted', data: { id: 'x' }, channel: 'keys', seq: 1, timestamp: 0 };
  silent.onMessage(JSON.stringify(message));
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(sockets).toHaveLength(2);
});

test('the end of the session is told', () => {
  connection.start();
  hello();
  latest().onClose(4401);
  expect(onSessionEnded).toHaveBeenCalledOnce();
});

test('one that is stopped stays so', () => {
  connection.start();
  hello();
  connection.stop();
  expect(latest().closed).toBe(true);
  vi.advanceTimersByTime(120_000);
  expect(sockets).toHaveLength(1);
  expect(connection.state).toBe('offline');
});

test('what came while it was stopped is asked for when it starts again', () => {
  connection.start();
  const { seen } = watchKeys();
  hello();
  subscribed(4);
  publish(5);
  connection.stop();
  connection.start();
  hello();
  expect(latest().sent).toEqual([
    { type: 'subscribe', data: { channel: 'keys', after: { epoch: 'one', seq: 5 } } },
  ]);
  subscribed(6);
  publish(6);
  expect(seen).toEqual([5, 6]);
});

test('what is no message is not minded', () => {
  connection.start();
  latest().onMessage('nonsense');
  latest().onMessage(new ArrayBuffer(2));
  hello();
  expect(connection.state).toBe('live');
});

test('waits lie between half of the longest and all of it, and stay below half a minute', () => {
  expect(backOffMs(0, 0)).toBe(500);
  expect(backOffMs(0, 1)).toBe(1000);
  expect(backOffMs(20, 1)).toBe(30_000);
});
