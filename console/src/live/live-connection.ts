import type { ChannelName, ClientMessage, Publication, ServerMessage } from '../../../src/contract/index.ts';

export type LiveState = 'connecting' | 'live' | 'offline';

/** One message of a channel. */
export type LiveEvent = Publication & {
  readonly channel: ChannelName;
  readonly seq: number;
  readonly timestamp: number;
};

export interface ChannelListener {
  readonly onEvent: (event: LiveEvent) => void;
  /** Some of what happened is gone: ask the API for the whole. */
  readonly onGap?: () => void;
}

/** What is used of a WebSocket. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
}

export interface SocketHandlers {
  onMessage(data: unknown): void;
  onClose(code: number): void;
}

export interface LiveConnectionOptions {
  readonly open: (handlers: SocketHandlers) => LiveSocket;
  /** The server has ended the session. */
  readonly onSessionEnded: () => void;
  readonly random?: () => number;
}

interface Channel {
  readonly listeners: Set<ChannelListener>;
  /** The last that was seen. */
  seen: { epoch: string; seq: number } | undefined;
}

const sessionEnded = 4401;
const pingEveryMs = 20_000;
const silentForMs = 50_000;

/**
 * One connection for the whole page. It comes back by itself and asks for what was missed; each event is told once, in
 * order.
 */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  readonly #channels = new Map<ChannelName, Channel>();
  readonly #stateListeners = new Set<() => void>();
  #state: LiveState = 'offline';
  #socket: LiveSocket | undefined;
  #ready = false;
  #wanted = false;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  get state(): LiveState {
    return this.#state;
  }

  onState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  /** Connects and stays connected until `stop`. After one, channels that are still watched go on where they were. */
  start(): void {
    this.#wanted = true;
    if (this.#socket === undefined) this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#drop();
    this.#setState('offline');
  }

  /** Tries at once where it would wait, such as when the network is back. */
  hurry(): void {
    if (!this.#wanted || this.#socket !== undefined) return;
    this.#failures = 0;
    this.#connect();
  }

  /** Tells a listener what is published on a channel. Returns how to end that. */
  watch(name: ChannelName, listener: ChannelListener): () => void {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = { listeners: new Set(), seen: undefined };
      this.#channels.set(name, channel);
      if (this.#ready) this.#subscribe(name, channel);
    }
    const { listeners } = channel;
    listeners.add(listener);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#channels.delete(name);
      if (this.#ready) this.#send({ type: 'unsubscribe', data: { channel: name } });
    };
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#setState('connecting');
    this.#heardAt = Date.now();
    // One that was given up may still speak.
    const isCurrent = (): boolean => this.#socket === socket;
    const socket = this.#options.open({
      onMessage: (data) => {
        if (!isCurrent()) return;
        this.#heardAt = Date.now();
        const message = read(data);
        if (message !== undefined) this.#receive(message);
      },
      onClose: (code) => {
        if (isCurrent()) this.#closed(code);
      },
    });
    this.#socket = socket;
    this.#pulse = setInterval(() => this.#checkPulse(), pingEveryMs);
  }

  #checkPulse(): void {
    if (Date.now() - this.#heardAt > silentForMs) {
      this.#closed(1006);
      return;
    }
    if (this.#ready) this.#send({ type: 'ping' });
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.#ready = true;
        this.#failures = 0;
        this.#setState('live');
        for (const [name, channel] of this.#channels) this.#subscribe(name, channel);
        return;
      case 'subscribed': {
        const { channel: name, epoch, seq, gap } = message.data;
        const channel = this.#channels.get(name);
        if (channel === undefined) return;
        // What was missed follows; after a gap only some of it, so that numbers may be left out.
        const resumed = !gap && channel.seen?.epoch === epoch;
        if (!resumed) channel.seen = { epoch, seq: gap ? Number.NEGATIVE_INFINITY : seq };
        if (gap) for (const listener of channel.listeners) listener.onGap?.();
        return;
      }
      case 'pong':
      case 'error':
        return;
      default:
        this.#publish(message);
    }
  }

  #publish(event: LiveEvent): void {
    const channel = this.#channels.get(event.channel);
    if (channel?.seen === undefined || event.seq <= channel.seen.seq) return;
    channel.seen.seq = event.seq;
    for (const listener of channel.listeners) listener.onEvent(event);
  }

  #subscribe(name: ChannelName, { seen }: Channel): void {
    const after = seen !== undefined && Number.isFinite(seen.seq) ? seen : undefined;
    this.#send({ type: 'subscribe', data: { channel: name, ...(after && { after }) } });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #drop(): void {
    clearInterval(this.#pulse);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    socket?.close();
  }

  #closed(code: number): void {
    this.#drop();
    this.#setState('offline');
    if (code === sessionEnded) this.#options.onSessionEnded();
    if (!this.#wanted) return;
    const wait = backOffMs(this.#failures, (this.#options.random ?? Math.random)());
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #setState(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }
}

/** Between half a second and half a minute, spread so that not all clients come at once. */
export function backOffMs(failures: number, random: number): number {
  const most = Math.min(30_000, 1000 * 2 ** failures);
  return most / 2 + (most / 2) * random;
}

function read(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
