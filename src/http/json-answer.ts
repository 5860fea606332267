import type { FastifyReply } from 'fastify';
import type { AnswerCopy } from './retries/answer-copy.ts';
import { takeOver } from './take-over.ts';

/** A JSON answer that may be long in coming. */
export interface JsonAnswer extends Disposable {
  /** Headers are those set on the reply before, and these. Once the heartbeat has begun, status and these are lost. */
  send(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
}

export interface JsonAnswerOptions {
  /**
   * Silence after which white space goes out (and again after as long), so that neither client nor proxies give up.
   * White space before the body is valid JSON, but it settles the status as 200: an error after it travels as
   * a body `{"error":{…}}` with that status.
   */
  readonly heartbeatMs: number;
  /** Told what is sent. */
  readonly copy?: AnswerCopy | undefined;
}

export function openJsonAnswer(reply: FastifyReply, options: JsonAnswerOptions): JsonAnswer {
  const raw = reply.raw;
  let begun = false;
  const heartbeat = setTimeout(() => {
    if (raw.destroyed || raw.writableEnded) return;
    if (!begun) {
      begun = true;
      takeOver(reply, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
    }
    if (!raw.writableNeedDrain) raw.write(' ');
    heartbeat.refresh();
  }, options.heartbeatMs);

  return {
    send(status, body, headers = {}) {
      clearTimeout(heartbeat);
      options.copy?.whole(status, body, headers);
      if (begun) raw.end(JSON.stringify(body));
      else void reply.code(status).headers(headers).send(body);
    },
    [Symbol.dispose]: () => clearTimeout(heartbeat),
  };
}
