import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChannelName, Publication } from '../../contract/index.ts';
import type { Published, Subscription } from './feed.ts';
import { LiveChannels, type LiveChannelsOptions } from './live-channels.ts';

const news = (name = ''): Publication => ({ type: 'config_updated', data: { names: [name] } });
const seqs = (published: readonly Published[]): number[] => published.map(({ seq }) => seq);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a channel', () => {
  test('numbers from one, and tells all its listeners in order', () => {
    const feed = new LiveChannels({ now: () => 7 });
    const told: Published[] = [];
    feed.publish('config', news('before'));
    const { seq, gap, missed } = feed.subscribe('config', undefined, (one) => told.push(one));
    feed.publish('config', news('a'));
    feed.publish('keys', news('elsewhere'));
    feed.publish('config', news('b'));
    expect({ seq, gap, missed }).toEqual({ seq: 1, gap: false, missed: [] });
    expect(told).toEqual([
      { type: 'config_updated', data: { names: ['a'] }, channel: 'config', seq: 2, timestamp: 7 },
      { type: 'config_updated', data: { names: ['b'] }, channel: 'config', seq: 3, timestamp: 7 },
    ]);
    expect(feed.seqOf('config')).toBe(3);
  });

  test('stops telling whoever leaves', () => {
    const feed = new LiveChannels();
    const told: Published[] = [];
    const { unsubscribe } = feed.subscribe('config', undefined, (one) => told.push(one));
    feed.publish('config', news());
    unsubscribe();
    feed.publish('config', news());
    expect(seqs(told)).toEqual([1]);
  });

  test('a listener that throws is told no more, and harms nobody', () => {
    const feed = new LiveChannels();
    const told: Published[] = [];
    let calls = 0;
    feed.subscribe('config', undefined, () => {
      calls += 1;
      throw new Error('broken');
    });
    feed.subscribe('config', undefined, (one) => told.push(one));
    feed.publish('config', news());
    feed.publish('config', news());
    expect(calls).toBe(1);
    expect(seqs(told)).toEqual([1, 2]);
  });

  test('a listener that publishes does not overtake the others', () => {
    const feed = new LiveChannels();
    const told: Published[] = [];
    feed.subscribe('config', undefined, ({ seq }) => {
      if (seq === 1) feed.publish('config', news('answer'));
    });
    feed.subscribe('config', undefined, (one) => told.push(one));
    feed.publish('config', news());
    expect(seqs(told)).toEqual([1, 2]);
  });

  test('another epoch is a gap', () => {
    const feed = new LiveChannels();
    feed.publish('config', news());
    const { gap, missed } = feed.subscribe('config', { epoch: 'of another server', seq: 1 }, () => {});
    expect({ gap, missed }).toEqual({ gap: true, missed: [] });
    expect(new LiveChannels().epoch).not.toBe(feed.epoch);
  });

  test('remembers no more than fits', () => {
    const feed = new LiveChannels({ limits: { mostKept: 100, mostBytes: 3000 } });
    for (let count = 0; count < 10; count++) feed.publish('config', news('x'.repeat(700)));
    const { gap, missed } = feed.subscribe('config', { epoch: feed.epoch, seq: 0 }, () => {});
    expect(gap).toBe(true);
    expect(seqs(missed)).toEqual([8, 9, 10]);
  });
});

describe('the channel of a run', () => {
  const channel = 'run:1';

  test('can be followed for a while after its end', () => {
    const feed = new LiveChannels();
    feed.publish(channel, news());
    feed.retire(channel);
    vi.advanceTimersByTime(59_000);
    expect(seqs(feed.subscribe(channel, { epoch: feed.epoch, seq: 0 }, () => {}).missed)).toEqual([1]);
  });

  test('is forgotten then, which is a gap for whoever comes back', () => {
    const feed = new LiveChannels();
    feed.publish(channel, news());
    feed.retire(channel);
    vi.advanceTimersByTime(60_000);
    expect(feed.subscribe(channel, { epoch: feed.epoch, seq: 0 }, () => {})).toMatchObject({
      gap: true,
      missed: [],
    });
  });

  test('disposing of the feed leaves no timer', () => {
    const feed = new LiveChannels();
    feed.publish(channel, news());
    feed.retire(channel);
    feed[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives way where there are too many, but keeps its numbers', () => {
    const feed = new LiveChannels({ mostChannels: 2 });
    for (const id of ['1', '2', '3']) feed.publish(`run:${id}`, news());
    expect(feed.subscribe(channel, { epoch: feed.epoch, seq: 0 }, () => {})).toMatchObject({
      seq: 1,
      gap: true,
      missed: [],
    });
    feed.publish(channel, news());
    expect(feed.seqOf(channel)).toBe(2);
  });
});

/** What one client has seen of a channel, as it puts it together from what it is told. */
class Client {
  readonly #feed: LiveChannels;
  readonly #channel: ChannelName;
  #subscription: Subscription | undefined;
  #last: { epoch: string; seq: number } | undefined;
  /** Names of all that it has seen since it last knew of a gap. */
  seen: number[] = [];
  gaps = 0;

  constructor(feed: LiveChannels, channel: ChannelName) {
    this.#feed = feed;
    this.#channel = channel;
  }

  connect(): void {
    if (this.#subscription !== undefined) return;
    const subscription = this.#feed.subscribe(this.#channel, this.#last, (one) => this.#see(one));
    this.#subscription = subscription;
    if (subscription.gap || this.#last === undefined) {
      this.gaps += subscription.gap ? 1 : 0;
      this.seen = [];
    }
    for (const one of subscription.missed) this.#see(one);
    this.#last = { epoch: this.#feed.epoch, seq: subscription.seq };
  }

  disconnect(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  #see(one: Published): void {
    if (one.type !== 'config_updated') throw new Error('unexpected');
    this.seen.push(Number(one.data.names[0]));
    this.#last = { epoch: this.#feed.epoch, seq: one.seq };
  }
}

describe('for any sequence', () => {
  const channels = ['config', 'run:1', 'run:2', 'run:3'] as const;
  const anyStep = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), at: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), at: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('disconnect' as const), at: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const), at: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), at: fc.nat(3) }) },
  );

  test('a client sees everything once and in order, or is told of a gap', () => {
    const limits: LiveChannelsOptions = {
      limits: { mostKept: 3, mostBytes: 100_000 },
      runLimits: { mostKept: 3, mostBytes: 100_000 },
      mostChannels: 3,
      lingerMs: 10,
    };
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const feed = new LiveChannels(limits);
        const clients = channels.map((channel) => new Client(feed, channel));
        const counts = channels.map(() => 0);
        for (const { do: what, at } of steps) {
          const channel = channels[at] ?? 'config';
          const client = clients[at];
          if (what === 'publish') {
            const count = (counts[at] ?? 0) + 1;
            counts[at] = count;
            feed.publish(channel, news(String(count)));
          } else if (what === 'connect') client?.connect();
          else if (what === 'disconnect') client?.disconnect();
          else if (what === 'retire') feed.retire(channel);
          else vi.advanceTimersByTime(10);
        }
        for (const [at, client] of clients.entries()) {
          client.connect();
          const { seen } = client;
          const first = seen[0] ?? 0;
          expect(seen).toEqual(seen.map((_, index) => first + index));
          // What it sees after a gap, or from its first visit on, goes up to the last.
          if (seen.length > 0) expect(seen.at(-1)).toBe(counts[at]);
        }
        feed[Symbol.dispose]();
      }),
      { numRuns: 1000 },
    );
  });
});
