import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOperatorRequest } from './console/console-path.ts';

export interface CorsRules {
  /** CORS_ORIGIN: `*`, or the origins that may read answers. */
  readonly corsOrigins: '*' | readonly string[];
  /** While no key is asked for: the only origins that get permission, whatever CORS_ORIGIN says. */
  readonly trustsOrigin?: ((origin: string) => boolean) | undefined;
}

const exposedHeaders = [
  'content-disposition',
  'content-range',
  'accept-ranges',
  'etag',
  'x-request-id',
  'x-claudecode-ignored',
  'x-claudecode-side-request',
  'x-claudecode-joined',
  'openai-processing-ms',
  'openai-version',
  'retry-after',
  'x-should-retry',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
];

/**
 * Lets browser UIs call the API. Request headers are reflected: OpenAI's clients send a dozen of their own
 * (`x-stainless-*`). The console and what belongs to it are for their own origin alone.
 */
export async function allowBrowsers(app: FastifyInstance, currentRules: () => CorsRules): Promise<void> {
  await app.register(cors, {
    delegator: async (request: FastifyRequest): Promise<FastifyCorsOptions> => ({
      ...common,
      origin: isOperatorRequest(request) ? false : allowedOrigins(currentRules()),
    }),
  });
}

const common: FastifyCorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders,
  maxAge: 600,
  strictPreflight: false,
};

function allowedOrigins({ trustsOrigin, corsOrigins }: CorsRules): NonNullable<FastifyCorsOptions['origin']> {
  if (trustsOrigin) return async (origin?: string) => origin !== undefined && trustsOrigin(origin);
  return corsOrigins === '*' ? '*' : [...corsOrigins];
}
