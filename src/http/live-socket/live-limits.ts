/** What one client, one user and all of them may take. */
export interface LiveLimits {
  readonly clients: number;
  readonly clientsPerUser: number;
  readonly channels: number;
  /** Of one message of the client. */
  readonly messageBytes: number;
  readonly messagesPerSecond: number;
  /** What may wait for a client that reads slowly. */
  readonly waitingBytes: number;
  /** How often clients are asked whether they are still there, and their sessions are looked at again. */
  readonly checkEveryMs: number;
  /** How long a client that is sent away may take to leave. */
  readonly farewellMs: number;
}

export const usualLiveLimits: LiveLimits = {
  clients: 100,
  clientsPerUser: 10,
  channels: 20,
  messageBytes: 16 * 1024,
  messagesPerSecond: 20,
  waitingBytes: 1024 * 1024,
  checkEveryMs: 30_000,
  farewellMs: 2000,
};
