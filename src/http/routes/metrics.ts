import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/index.ts';
import type { Metrics } from '../../observability/index.ts';
import { WireError } from '../../openai/index.ts';
import type { Authenticator } from '../authenticator.ts';
import { identifyCaller } from '../identify-caller.ts';
import { unknownUrl } from '../wire-errors.ts';

/**
 * Who may read the figures. `loopback`: this machine, unless a proxy on it asks for somebody else. `key`: whoever has
 * an API key, also where none is required. `open`: everybody.
 */
export type MetricsAccess = 'off' | 'loopback' | 'key' | 'open';

export interface MetricsDeps {
  readonly metrics: Pick<Metrics, 'read'>;
  /** The setting at this moment. */
  readonly metricsAccess: () => MetricsAccess;
  readonly authenticator: Authenticator;
}

/** The server's figures for Prometheus. */
export function registerMetrics(app: FastifyInstance, deps: MetricsDeps): void {
  app.get('/metrics', async (request, reply) => {
    await admit(request, deps);
    const { contentType, body } = await deps.metrics.read();
    return reply.header('cache-control', 'no-store').type(contentType).send(body);
  });
}

async function admit(request: FastifyRequest, { metricsAccess, authenticator }: MetricsDeps): Promise<void> {
  const access = metricsAccess();
  switch (access) {
    case 'open':
      return;
    case 'off':
      throw unknownUrl(request.method, '/metrics');
    case 'loopback':
      if (!isFromHere(request)) throw notFromHere();
      return;
    case 'key': {
      const { key } = await identifyCaller(authenticator, request);
      if (key === null) throw keyNeeded();
      return;
    }
    default:
      access satisfies never;
  }
}

/** The connection itself counts: what a proxy says of its client can be made up. */
function isFromHere({ raw, headers }: FastifyRequest): boolean {
  const forSomebodyElse = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return !forSomebodyElse && isLoopback(raw.socket.remoteAddress ?? '');
}

function notFromHere(): WireError {
  return new WireError({
    status: 403,
    type: 'permission_error',
    message:
      'GET /metrics answers this machine only, and no proxy on it. METRICS_ACCESS says who else may ask.',
    code: 'not_allowed',
  });
}

function keyNeeded(): WireError {
  return new WireError({
    status: 401,
    type: 'authentication_error',
    message: 'GET /metrics needs an API key, in an Authorization header using Bearer auth.',
    code: 'invalid_api_key',
  });
}
