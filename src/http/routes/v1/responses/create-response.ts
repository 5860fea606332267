import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { debugLines } from '../../../../observability/index.ts';
import { admitRequest } from '../../../admit-request.ts';
import type { Authenticator } from '../../../authenticator.ts';
import { newId } from '../../../new-id.ts';
import { reportIgnored } from '../../../report-ignored.ts';
import { collectResponse } from '../../../responses/collect-response.ts';
import { OpenResponse } from '../../../responses/open-response.ts';
import { type PreparedResponse, prepareResponse } from '../../../responses/prepare-response.ts';
import { replayResponse } from '../../../responses/replay-response.ts';
import { requestedProfile } from '../../../responses/requested-profile.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { streamResponse } from '../../../responses/stream-response.ts';
import type { ChoiceEvent } from '../../../run-choices.ts';
import type { RunningRequests } from '../../../running-requests.ts';
import { requestedSideRequest, tellSideRequest } from '../../../side-requests.ts';
import { unparsableBody } from '../../../wire-errors.ts';

export interface CreateResponseDeps extends ResponseDeps {
  readonly authenticator: Authenticator;
  readonly running: RunningRequests;
}

export function registerCreateResponse(app: FastifyInstance, deps: CreateResponseDeps): void {
  app.post('/v1/responses', async (request, reply) => {
    const caller = await admitRequest(deps, request, reply);
    const { body, record } = request;
    if (body === undefined) throw unparsableBody();
    const profileName = requestedProfile(request);
    const sideRequest = { wish: requestedSideRequest(request) };
    const call = { id: newId('resp_'), createdAt: Date.now(), caller, body, profileName, sideRequest };
    const prepared = await prepareResponse(call, deps);
    record.turnId = prepared.id;
    record.responseId = prepared.id;
    record.model = prepared.turn.model;
    record.profile = prepared.turn.profile.name;
    reportIgnored(prepared.request.ignored, reply, deps.logger);
    tellSideRequest(prepared.request.sideRequest, request, reply);
    if (prepared.request.background) {
      const queued = await deps.background.enqueue(prepared, { body, profileName });
      if (!prepared.request.stream) return reply.send(queued.response);
      await replayResponse({ reply, owner: caller.owner, id: prepared.id, after: -1 }, deps);
      return reply;
    }
    const turn = { ...prepared.turn, recordId: record.id };
    await runInForeground({ ...prepared, turn }, request, reply, deps);
    return reply;
  });
}

async function runInForeground(
  prepared: PreparedResponse,
  { id: requestId, record }: FastifyRequest,
  reply: FastifyReply,
  deps: CreateResponseDeps,
): Promise<void> {
  const { logger, timing } = deps;
  using running = deps.running.begin(reply.raw);
  using _record = record.run((reason) => running.abort(reason));
  const debug = debugLines(logger, requestId);
  debug.decoded(prepared.turn);
  const observe = (event: ChoiceEvent): void => {
    record.observe(event);
    debug.event(event);
  };
  const { stream } = prepared.request;
  const options = { signal: running.signal, observe, buffered: !stream };
  await using response = await OpenResponse.begin(prepared, options, deps);
  const answer = stream ? streamResponse : collectResponse;
  await answer({ reply, response, timing, logger, debug });
  record.keepAnswer(response.encoder.response());
}
