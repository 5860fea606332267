import type { Logger } from 'pino';
import type { RunSpan, Tracing } from './tracing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const noSpan: RunSpan = { observe() {}, end() {} };

const noTracing: Tracing = {
  enabled: false,
  beginRun: () => noSpan,
  flush: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

/**
 * OpenTelemetry, loaded only where a collector is named. Whether it is on is read from the given environment; where to
 * and how, the libraries read from `process.env` themselves.
 */
export async function createTracing(
  environment: Environment,
  version: string,
  log: Pick<Logger, 'warn'>,
): Promise<Tracing> {
  if (!isOn(environment)) return noTracing;
  if (protocolOf(environment) === 'grpc') {
    log.warn('OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not supported: traces are sent as JSON over HTTP');
  }
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(version, log);
}

function isOn(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false;
  const exporters = environment['OTEL_TRACES_EXPORTER']?.trim() || 'otlp';
  if (!exporters.split(',').some((name) => name.trim() === 'otlp')) return false;
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim() ||
    environment['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  return endpoint !== undefined && endpoint !== '';
}

function protocolOf(environment: Environment): string | undefined {
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? environment['OTEL_EXPORTER_OTLP_PROTOCOL'];
  return protocol?.trim();
}
