import { setTimeout as sleep } from 'node:timers/promises';
import { DiagLogLevel, diag, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Logger } from 'pino';
import { OpenRunSpan } from './run-span.ts';
import type { Tracing } from './tracing.ts';

/** A collector that does not answer must not hold up the end of the server for longer. */
const farewellMs = 3000;
const complaintEveryMs = 60_000;

/** Takes a while to load, so it is imported only where it is used. */
export function openTelemetry(version: string, log: Pick<Logger, 'warn'>): Tracing {
  const complain = complainTo(log);
  const ignore = (): void => {};
  diag.setLogger(
    { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const resource = defaultResource()
    .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'claudecode-api', [ATTR_SERVICE_VERSION]: version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  // For the propagator. Spans are given their parents by hand: a live process serves one run after the other.
  provider.register({ contextManager: null });
  const tracer = provider.getTracer('claudecode-api', version);
  const failed = (error: unknown): void => complain(String(error));
  return {
    enabled: true,
    beginRun: (run) => new OpenRunSpan(tracer, propagation.extract(ROOT_CONTEXT, run.headers), run),
    flush: () => provider.forceFlush().catch(failed),
    async [Symbol.asyncDispose]() {
      const over = new AbortController();
      const limit = sleep(farewellMs, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([provider.shutdown().catch(failed), limit]);
      over.abort();
      trace.disable();
      propagation.disable();
      diag.disable();
    },
  };
}

/** One complaint a minute: a collector that is away would fill the log. */
function complainTo(log: Pick<Logger, 'warn'>): (message: string) => void {
  let quietUntil = 0;
  return (message) => {
    const now = performance.now();
    if (now < quietUntil) return;
    quietUntil = now + complaintEveryMs;
    log.warn({ cause: message.slice(0, 2000) }, 'traces could not be sent as asked');
  };
}
