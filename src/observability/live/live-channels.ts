import { randomUUID } from 'node:crypto';
import type { ChannelName, Publication } from '../../contract/index.ts';
import { Channel, type ChannelLimits } from './channel.ts';
import type { LiveFeed, Published, Subscription } from './feed.ts';

export interface LiveChannelsOptions {
  readonly limits?: ChannelLimits;
  /** Of the channels `run:…`. */
  readonly runLimits?: ChannelLimits;
  /** How long a run can be followed after its end, in milliseconds. */
  readonly lingerMs?: number;
  /** Most channels that remember anything: beyond it the oldest forget. */
  readonly mostChannels?: number;
  readonly now?: () => number;
}

const megabyte = 1024 * 1024;

/** The live feed of one server, in memory. */
export class LiveChannels implements LiveFeed, Disposable {
  readonly epoch = randomUUID();
  readonly #limits: ChannelLimits;
  readonly #runLimits: ChannelLimits;
  readonly #lingerMs: number;
  readonly #mostChannels: number;
  readonly #now: () => number;
  readonly #channels = new Map<ChannelName, Channel>();
  readonly #retiring = new Map<ChannelName, NodeJS.Timeout>();
  /** Their run ended long ago; they wait for the last listener to leave. */
  readonly #over = new WeakSet<Channel>();
  /** What is numbered and not yet told: a listener that publishes must not overtake the others. */
  readonly #untold: { readonly channel: Channel; readonly published: Published }[] = [];
  #telling = false;
  /** No channel that was removed had a higher number; one that takes up its name goes on after it. */
  #highestRemoved = 0;

  constructor(options: LiveChannelsOptions = {}) {
    this.#limits = options.limits ?? { mostKept: 500, mostBytes: 4 * megabyte };
    this.#runLimits = options.runLimits ?? { mostKept: 2000, mostBytes: megabyte };
    this.#lingerMs = options.lingerMs ?? 60_000;
    this.#mostChannels = options.mostChannels ?? 256;
    this.#now = options.now ?? Date.now;
  }

  publish(name: ChannelName, publication: Publication): void {
    const channel = this.#open(name);
    const published = { ...publication, channel: name, seq: channel.seq + 1, timestamp: this.#now() };
    channel.keep(published);
    this.#untold.push({ channel, published });
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
      next.channel.tell(next.published);
    }
    this.#telling = false;
  }

  subscribe(
    name: ChannelName,
    after: { readonly epoch: string; readonly seq: number } | undefined,
    listener: (published: Published) => void,
  ): Subscription {
    const channel = this.#open(name);
    const stop = channel.listen(listener);
    const isOurs = after?.epoch === this.epoch;
    const { missed, gap } = isOurs ? channel.since(after.seq) : { missed: [], gap: after !== undefined };
    return {
      seq: channel.seq,
      gap,
      missed,
      unsubscribe: () => {
        stop();
        if (isRun(name) && !channel.isWatched && (channel.isUnused || this.#over.has(channel)))
          this.#remove(name, channel);
      },
    };
  }

  /** The number of the last publication. */
  seqOf(name: ChannelName): number {
    return this.#channels.get(name)?.seq ?? this.#firstSeq(name);
  }

  /** Nothing more comes on this channel: it is removed after a while. */
  retire(name: ChannelName): void {
    const channel = this.#channels.get(name);
    if (channel === undefined || this.#retiring.has(name)) return;
    const timer = setTimeout(() => this.#endOf(name, channel), this.#lingerMs).unref();
    this.#retiring.set(name, timer);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#retiring.values()) clearTimeout(timer);
    this.#retiring.clear();
  }

  #open(name: ChannelName): Channel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const limits = isRun(name) ? this.#runLimits : this.#limits;
    const channel = new Channel(this.#firstSeq(name), limits);
    this.#channels.set(name, channel);
    this.#forgetOldest();
    return channel;
  }

  #firstSeq(name: ChannelName): number {
    return isRun(name) ? this.#highestRemoved : 0;
  }

  /** A run that goes on keeps its numbers, so that whoever comes back is told of the gap. */
  #forgetOldest(): void {
    let tooMany = this.#channels.size - this.#mostChannels;
    for (const [name, channel] of this.#channels) {
      if (tooMany <= 0) break;
      if (!isRun(name)) continue;
      if (this.#retiring.has(name) && !channel.isWatched) this.#remove(name, channel);
      else channel.forgetAll();
      tooMany -= 1;
    }
  }

  #endOf(name: ChannelName, channel: Channel): void {
    this.#over.add(channel);
    if (channel.isWatched) channel.forgetAll();
    else this.#remove(name, channel);
  }

  #remove(name: ChannelName, channel: Channel): void {
    if (this.#channels.get(name) !== channel) return;
    clearTimeout(this.#retiring.get(name));
    this.#retiring.delete(name);
    this.#channels.delete(name);
    this.#highestRemoved = Math.max(this.#highestRemoved, channel.seq);
  }
}

function isRun(name: ChannelName): boolean {
  return name.startsWith('run:');
}
