import { z } from 'zod';
import { approval, approvalOutcome } from './approvals.ts';
import { json } from './common.ts';
import { apiKey } from './keys.ts';
import { requestRecord } from './records.ts';
import { liveMetrics } from './system.ts';
import { activeRun, timelineEntry } from './timeline.ts';

/** `run:<request id>` is the timeline of one run. */
export const channelName = z.union([
  z.enum(['requests', 'metrics', 'logs', 'keys', 'config', 'approvals']),
  z.templateLiteral(['run:', z.string().min(1).max(200)]),
]);
export type ChannelName = z.output<typeof channelName>;

/** Channels that viewers may not see. */
export const adminChannels: readonly ChannelName[] = ['logs', 'approvals'];

/** What a client of `/ws` sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping') }),
  z.object({
    type: z.literal('subscribe'),
    data: z.object({
      channel: channelName,
      /** After a reconnect: the last that was seen. What came since follows, if it is still there. */
      after: z.object({ epoch: z.string(), seq: z.int() }).optional(),
    }),
  }),
  z.object({ type: z.literal('unsubscribe'), data: z.object({ channel: channelName }) }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

/** What is published on the channels: type, data and the channel that carries it. */
export const publications = {
  new_request: { channel: 'requests', data: activeRun },
  request_progress: { channel: 'requests', data: activeRun },
  request_ended: { channel: 'requests', data: requestRecord },
  run_entry: { channel: 'run', data: timelineEntry },
  metrics: { channel: 'metrics', data: liveMetrics },
  log_line: { channel: 'logs', data: z.record(z.string(), json) },
  api_key_created: { channel: 'keys', data: apiKey },
  api_key_updated: { channel: 'keys', data: apiKey },
  api_key_deleted: { channel: 'keys', data: z.object({ id: z.string() }) },
  config_updated: { channel: 'config', data: z.object({ names: z.array(z.string()) }) },
  approval_requested: { channel: 'approvals', data: approval },
  approval_ended: { channel: 'approvals', data: approvalOutcome },
} as const;
export type PublicationType = keyof typeof publications;
export type Publication = {
  [Type in PublicationType]: {
    readonly type: Type;
    readonly data: z.output<(typeof publications)[Type]['data']>;
  };
}[PublicationType];

/**
 * What the server sends: a publication with its channel and number, or an answer to the client itself. Numbers of a
 * channel go up by one; an epoch ends with the server.
 */
export type ServerMessage =
  | (Publication & { readonly channel: ChannelName; readonly seq: number; readonly timestamp: number })
  | { readonly type: 'hello'; readonly data: { readonly epoch: string }; readonly timestamp: number }
  | { readonly type: 'pong'; readonly data: null; readonly timestamp: number }
  | {
      readonly type: 'subscribed';
      readonly data: {
        readonly channel: ChannelName;
        readonly epoch: string;
        /** The last that was published. */
        readonly seq: number;
        /** True: some of what came since `after` is gone; ask the API for the whole. */
        readonly gap: boolean;
      };
      readonly timestamp: number;
    }
  | {
      readonly type: 'error';
      readonly data: { readonly code: string; readonly message: string };
      readonly timestamp: number;
    };
