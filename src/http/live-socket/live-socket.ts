import type { Socket } from '../websocket/socket.ts';

/** What is used of a WebSocket of the console (of the package `ws`). */
export interface LiveSocket extends Socket {
  /** Bytes that were sent and wait for the client to take them. */
  readonly bufferedAmount: number;
  ping(): void;
  on: Socket['on'] & ((event: 'ping' | 'pong', listener: () => void) => unknown);
}

/** `readyState` of a socket that can be written to. */
export const openState = 1;

/** Codes of RFC 6455, and one of ours. */
export const closeCodes = {
  goingAway: 1001,
  policyViolation: 1008,
  tooLarge: 1009,
  tryAgainLater: 1013,
  sessionEnded: 4401,
} as const;
