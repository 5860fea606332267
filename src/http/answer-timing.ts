/** When an answer that has nothing to say yet says something all the same. */
export interface AnswerTiming {
  /** Longest wait for the event that settles a stream's status; then the head goes out as 200. */
  readonly statusLimitMs: number;
  /** Silence after which a stream sends a comment. */
  readonly keepAliveMs: number;
  /** See `EventStreamOptions`. */
  readonly stalledReaderMs: number;
  /** Silence after which a whole answer sends white space, and its status is settled as 200. */
  readonly heartbeatMs: number;
}

/** Proxies commonly cut after 60 s without a byte, some after 30. */
export const usualTiming: AnswerTiming = {
  statusLimitMs: 10_000,
  keepAliveMs: 15_000,
  stalledReaderMs: 300_000,
  heartbeatMs: 30_000,
};
