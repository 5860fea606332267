import type { ChannelName, Publication } from '../../contract/index.ts';

/** A publication as it was numbered. */
export type Published = Publication & {
  readonly channel: ChannelName;
  readonly seq: number;
  readonly timestamp: number;
};

/** Where what happens is published as it happens, for whoever watches. Publishing never waits and never fails. */
export interface LiveFeed {
  /** Numbers of another epoch mean nothing here. */
  readonly epoch: string;
  publish(channel: ChannelName, publication: Publication): void;
  /**
   * The listener is told of all that comes from now on, in order. What came since `after` is in `missed`; `gap`: some
   * of it is gone.
   */
  subscribe(
    channel: ChannelName,
    after: { readonly epoch: string; readonly seq: number } | undefined,
    listener: (published: Published) => void,
  ): Subscription;
}

export interface Subscription {
  /** The last that was published before the listener was told of any. */
  readonly seq: number;
  readonly gap: boolean;
  readonly missed: readonly Published[];
  unsubscribe(): void;
}
