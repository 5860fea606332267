import type { RequestRecord } from '../../contract/index.ts';
import type { TurnEvent } from '../../turn/index.ts';

/** Spans of runs, for whichever collector OTEL_EXPORTER_OTLP_ENDPOINT names. Disposing of it sends what is left. */
export interface Tracing extends AsyncDisposable {
  readonly enabled: boolean;
  beginRun(run: TracedRun): RunSpan;
  /** Sends what has ended so far. */
  flush(): Promise<void>;
}

/** What is known of a run as it begins. */
export interface TracedRun {
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Of the request: a `traceparent` is gone on with. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As the client named it. */
  readonly model: string | null;
  readonly profile: string | null;
}

/** The span of one run, with one for each tool that runs in it. Contents are not told. */
export interface RunSpan {
  observe(event: { readonly choice: number; readonly event: TurnEvent }): void;
  /** To be called once, at the end; what comes later is ignored. */
  end(record: RequestRecord): void;
}
