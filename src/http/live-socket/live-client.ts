import type { Logger } from 'pino';
import {
  adminChannels,
  type ChannelName,
  type ClientMessage,
  clientMessage,
  type Role,
} from '../../contract/index.ts';
import type { LiveFeed, Subscription } from '../../observability/index.ts';
import { answerFrame, errorFrame, publishedFrame } from './live-frames.ts';
import type { LiveLimits } from './live-limits.ts';
import { closeCodes, type LiveSocket, openState } from './live-socket.ts';

/** Who is signed in. */
export interface LiveUser {
  readonly sessionId: string;
  readonly username: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  readonly mustSetUpTwoFactor: boolean;
  /** Aborts when the session ends, where somebody tells. */
  readonly sessionEnded?: AbortSignal;
}

export interface LiveClientOptions {
  readonly feed: Pick<LiveFeed, 'epoch' | 'subscribe'>;
  readonly limits: LiveLimits;
  readonly logger: Logger;
  /** Of the request that opened the connection. */
  readonly requestId: string;
}

type After = Extract<ClientMessage, { type: 'subscribe' }>['data']['after'];

/** One connection to `/ws`. It never waits for the client: one that does not keep up is sent away. */
export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #options: LiveClientOptions;
  readonly #subscriptions = new Map<ChannelName, Subscription>();
  #user: LiveUser;
  #leaving = false;
  #answered = true;
  #windowEnds = 0;
  #messages = 0;
  #unreadBytes = 0;

  constructor(socket: LiveSocket, user: LiveUser, options: LiveClientOptions) {
    this.#socket = socket;
    this.#user = user;
    this.#options = options;
    const onEnd = (): void => this.endSession();
    user.sessionEnded?.addEventListener('abort', onEnd, { once: true });
    socket.on('close', () => {
      this.#leaving = true;
      this.#unsubscribeAll();
      user.sessionEnded?.removeEventListener('abort', onEnd);
    });
    // Both cost an answer, or at least time.
    socket.on('ping', () => this.#admitMessage());
    socket.on('pong', () => {
      if (this.#admitMessage()) this.#answered = true;
    });
    socket.on('message', (data, isBinary) => {
      if (this.#admitMessage()) this.#receive(data.toString(), isBinary);
    });
    this.#send(answerFrame({ type: 'hello', data: { epoch: options.feed.epoch } }));
    if (user.sessionEnded?.aborted) onEnd();
  }

  get sessionId(): string {
    return this.#user.sessionId;
  }

  /** To be told of all bytes that arrive: a message that never ends must not fill the memory. */
  countInput(bytes: number): void {
    this.#unreadBytes += bytes;
    // Frames have heads, and several messages may arrive at once.
    if (this.#unreadBytes <= 8 * this.#options.limits.messageBytes) return;
    if (this.#leaving) this.#socket.terminate();
    else this.#sendAway('message_too_large', 'A message is too large.', closeCodes.tooLarge);
  }

  /** Asks whether the client is still there, and ends the connection of one that did not answer the last time. */
  checkPulse(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    if (this.#socket.readyState === openState) this.#socket.ping();
  }

  /** The session as it is now. */
  update(user: LiveUser): void {
    const isBarred = user.mustChangePassword || user.mustSetUpTwoFactor;
    if (isBarred || user.sessionId !== this.#user.sessionId) {
      this.endSession();
      return;
    }
    this.#user = user;
    for (const channel of [...this.#subscriptions.keys()]) {
      if (this.#mayWatch(channel)) continue;
      this.#unsubscribe(channel);
      this.#send(forbidden(channel));
    }
  }

  endSession(): void {
    this.#leave(closeCodes.sessionEnded, 'session ended');
  }

  /** The server ends. */
  goAway(): void {
    this.#leave(closeCodes.goingAway, 'server shutting down');
  }

  /** False where there are too many; the client is then sent away. */
  #admitMessage(): boolean {
    this.#unreadBytes = 0;
    if (this.#leaving) return false;
    const now = performance.now();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + 1000;
      this.#messages = 0;
    }
    this.#messages += 1;
    const { messagesPerSecond } = this.#options.limits;
    if (this.#messages <= messagesPerSecond) return true;
    const told = `More than ${messagesPerSecond} messages a second are too many.`;
    this.#sendAway('too_many_messages', told, closeCodes.policyViolation);
    return false;
  }

  #receive(text: string, isBinary: boolean): void {
    const { messageBytes } = this.#options.limits;
    if (Buffer.byteLength(text) > messageBytes) {
      const told = `A message may have ${messageBytes} bytes.`;
      this.#sendAway('message_too_large', told, closeCodes.tooLarge);
      return;
    }
    const message = isBinary ? undefined : readMessage(text);
    if (message === undefined) {
      this.#send(errorFrame('invalid_message', 'This is not a message that the server understands.'));
      return;
    }
    switch (message.type) {
      case 'ping':
        this.#send(answerFrame({ type: 'pong', data: null }));
        return;
      case 'subscribe':
        this.#subscribe(message.data.channel, message.data.after);
        return;
      case 'unsubscribe':
        this.#unsubscribe(message.data.channel);
        return;
      default:
        message satisfies never;
    }
  }

  #subscribe(channel: ChannelName, after: After): void {
    const { feed, limits } = this.#options;
    if (!this.#mayWatch(channel)) {
      this.#send(forbidden(channel));
      return;
    }
    this.#unsubscribe(channel);
    if (this.#subscriptions.size >= limits.channels) {
      this.#send(errorFrame('too_many_channels', `A client may watch ${limits.channels} channels at once.`));
      return;
    }
    const subscription = feed.subscribe(channel, after, (published) => this.#send(publishedFrame(published)));
    this.#subscriptions.set(channel, subscription);
    const { seq } = subscription;
    const missed = subscription.missed.map(publishedFrame);
    const fitting = newestWithin(missed, limits.waitingBytes / 2);
    const gap = subscription.gap || fitting.length < missed.length;
    this.#send(answerFrame({ type: 'subscribed', data: { channel, epoch: feed.epoch, seq, gap } }));
    for (const frame of fitting) this.#send(frame);
  }

  #unsubscribe(channel: ChannelName): void {
    this.#subscriptions.get(channel)?.unsubscribe();
    this.#subscriptions.delete(channel);
  }

  #unsubscribeAll(): void {
    for (const channel of [...this.#subscriptions.keys()]) this.#unsubscribe(channel);
  }

  #mayWatch(channel: ChannelName): boolean {
    return this.#user.role === 'admin' || !adminChannels.includes(channel);
  }

  #send(frame: string): void {
    if (this.#leaving || this.#socket.readyState !== openState) return;
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount > 0 && bufferedAmount + frame.length > this.#options.limits.waitingBytes) {
      this.#sendAway('too_slow', 'The client does not keep up.', closeCodes.tryAgainLater);
      return;
    }
    this.#socket.send(frame, ignoreFailure);
  }

  #sendAway(code: string, message: string, closeCode: number): void {
    if (this.#leaving) return;
    const { logger, requestId } = this.#options;
    logger.info({ requestId, code, username: this.#user.username }, 'a live client was sent away');
    if (this.#socket.readyState === openState) this.#socket.send(errorFrame(code, message), ignoreFailure);
    this.#leave(closeCode, code.replaceAll('_', ' '));
  }

  #leave(code: number, reason: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#unsubscribeAll();
    this.#socket.close(code, reason);
    const limit = setTimeout(() => this.#socket.terminate(), this.#options.limits.farewellMs);
    limit.unref();
    this.#socket.on('close', () => clearTimeout(limit));
  }
}

function readMessage(text: string): ClientMessage | undefined {
  try {
    return clientMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function forbidden(channel: ChannelName): string {
  return errorFrame('forbidden', `The channel '${channel}' is for admins.`);
}

/** As many as fit, from the end. */
function newestWithin(frames: readonly string[], bytes: number): readonly string[] {
  let left = bytes;
  let first = frames.length;
  while (first > 0) {
    left -= frames[first - 1]?.length ?? 0;
    if (left < 0) break;
    first -= 1;
  }
  return frames.slice(first);
}

/** A client that is gone tells so by its end. */
function ignoreFailure(): void {}
