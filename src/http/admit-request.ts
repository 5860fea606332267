import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Governor } from '../access/index.ts';
import type { Authenticator, Caller } from './authenticator.ts';
import { identifyCaller } from './identify-caller.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

export interface AdmissionDeps {
  readonly authenticator: Authenticator;
  readonly governor: Pick<Governor, 'admit'>;
}

/**
 * The caller of a request that starts a run, counted against the limits of its key. Rejects where they are reached;
 * the headers that tell how they stand go out all the same.
 */
export async function admitRequest(
  deps: AdmissionDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller> {
  const caller = await identifyCaller(deps.authenticator, request);
  await admitCaller(deps, caller, reply);
  return caller;
}

/** As `admitRequest`, of a caller who is known. */
export async function admitCaller(
  { governor }: Pick<AdmissionDeps, 'governor'>,
  caller: Caller,
  reply: FastifyReply,
): Promise<void> {
  const admission = await governor.admit(caller);
  reply.headers(rateLimitHeaders(admission));
  if (admission.refusal) throw admission.refusal;
}
