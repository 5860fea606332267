import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RequestRecord } from '../../contract/index.ts';
import type { LiveFeed } from '../live/feed.ts';
import { outsideRequests } from '../request-context.ts';
import type { RunSpan, TracedRun, Tracing } from '../tracing/tracing.ts';
import type { ActiveRuns } from './active-runs.ts';
import { doInPieces } from './in-pieces.ts';
import { makeDetail } from './make-detail.ts';
import type { RecordBuffer } from './record-buffer.ts';
import type { DetailLevel } from './run-event.ts';
import type { RunTimeline } from './run-timeline.ts';

export interface RequestRecorderOptions {
  readonly runs: Pick<ActiveRuns, 'begin' | 'end'>;
  readonly feed: Pick<LiveFeed, 'publish'>;
  readonly buffer: Pick<RecordBuffer, 'add' | 'addWithoutDetail'>;
  /** How much is kept of bodies and timelines, and most bytes of it, as the settings are now. */
  readonly detail: () => { readonly level: DetailLevel; readonly maxBytes: number };
  readonly logger: Pick<Logger, 'warn'>;
  readonly tracing?: Pick<Tracing, 'beginRun'>;
  /** Told of each request once it is over, such as for counting. */
  readonly onRecord?: (record: RequestRecord) => void;
}

/** What was gathered besides the record. */
interface Gathered {
  readonly level: DetailLevel;
  /** Names and values in turn. */
  readonly requestHeaders: readonly string[] | undefined;
  readonly answerHeaders: readonly string[] | undefined;
  readonly request: unknown;
  readonly answer: unknown;
  readonly timeline: Pick<RunTimeline, 'whole' | 'truncated'> | undefined;
}

/** Requests whose bodies wait to be worked on; those of further ones are not kept, but counted. */
const mostWaiting = 64;

/** Where requests hand over what was gathered of them. Nobody waits for it. Disposing of it waits for bodies in work. */
export class RequestRecorder implements AsyncDisposable {
  readonly runs: Pick<ActiveRuns, 'begin' | 'end'>;
  readonly detail: RequestRecorderOptions['detail'];
  readonly #options: RequestRecorderOptions;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: RequestRecorderOptions) {
    this.#options = options;
    this.runs = options.runs;
    this.detail = options.detail;
  }

  beginSpan(run: TracedRun): RunSpan | undefined {
    return this.#options.tracing?.beginRun(run);
  }

  /** Takes the record of a request that is over, and what may be kept of its bodies. Never throws. */
  keep(record: RequestRecord, gathered: Gathered): void {
    const { feed, buffer, logger, onRecord } = this.#options;
    feed.publish('requests', { type: 'request_ended', data: record });
    try {
      onRecord?.(record);
    } catch (error) {
      logger.warn({ err: error }, 'a request could not be counted');
    }
    if (gathered.level === 'off') {
      buffer.add({ record });
      return;
    }
    if (this.#waiting >= mostWaiting) {
      buffer.addWithoutDetail(record);
      return;
    }
    this.#waiting += 1;
    this.#last = outsideRequests(() => this.#last.then(() => this.#keepDetail(record, gathered)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
  }

  async #keepDetail(record: RequestRecord, gathered: Gathered): Promise<void> {
    const { buffer, logger } = this.#options;
    const { level, requestHeaders, answerHeaders, request, answer, timeline } = gathered;
    // First whoever else has something to do.
    await nextTurn();
    try {
      const { level: now, maxBytes } = this.detail();
      // Whoever has just asked for less gets less.
      if (level === 'off' || now !== level) {
        buffer.add({ record });
        return;
      }
      const work = makeDetail({
        level,
        maxBytes,
        requestHeaders,
        responseHeaders: answerHeaders,
        request,
        response: answer,
        timeline: timeline?.whole() ?? [],
        timelineTruncated: timeline?.truncated ?? false,
      });
      const { detail, bytes } = await doInPieces(work);
      buffer.add({ record, detail }, bytes);
    } catch (error) {
      logger.warn({ err: error }, 'what a request said could not be kept');
      buffer.addWithoutDetail(record);
    } finally {
      this.#waiting -= 1;
    }
  }
}
