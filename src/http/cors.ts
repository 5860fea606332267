import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

export interface CorsRules {
  /** CORS_ORIGIN: `*`, or the origins that may read answers. */
  readonly corsOrigins: '*' | readonly string[];
  /** While no key is asked for: the only origins that get permission, whatever CORS_ORIGIN says. */
  readonly trustsOrigin?: ((origin: string) => boolean) | undefined;
}

const exposedHeaders = [
  'x-request-id',
  'x-claudecode-ignored',
  'openai-processing-ms',
  'openai-version',
  'retry-after',
  'x-should-retry',
];

/** Lets browser UIs in. Request headers are reflected: OpenAI's clients send a dozen of their own (`x-stainless-*`). */
export async function allowBrowsers(app: FastifyInstance, rules: CorsRules): Promise<void> {
  const { trustsOrigin, corsOrigins } = rules;
  await app.register(cors, {
    origin: trustsOrigin
      ? async (origin: string | undefined) => origin !== undefined && trustsOrigin(origin)
      : corsOrigins === '*'
        ? '*'
        : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders,
    maxAge: 600,
    strictPreflight: false,
  });
}
