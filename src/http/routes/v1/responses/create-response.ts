import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { debugLines } from '../../../../observability/index.ts';
import { admitCaller } from '../../../admit-request.ts';
import type { Authenticator, Caller } from '../../../authenticator.ts';
import { newId } from '../../../new-id.ts';
import { reportIgnored } from '../../../report-ignored.ts';
import { collectResponse } from '../../../responses/collect-response.ts';
import { OpenResponse } from '../../../responses/open-response.ts';
import { type PreparedResponse, prepareResponse } from '../../../responses/prepare-response.ts';
import { replayResponse } from '../../../responses/replay-response.ts';
import { requestedProfile } from '../../../responses/requested-profile.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { streamResponse } from '../../../responses/stream-response.ts';
import { answerOnce } from '../../../retries/answer-once.ts';
import type { RunUnderWay } from '../../../retries/run-under-way.ts';
import type { RunsUnderWay } from '../../../retries/runs-under-way.ts';
import type { ChoiceEvent } from '../../../run-choices.ts';
import type { RunningRequests } from '../../../running-requests.ts';
import { requestedSideRequest, tellSideRequest } from '../../../side-requests.ts';
import { unparsableBody } from '../../../wire-errors.ts';

export interface CreateResponseDeps extends ResponseDeps {
  readonly authenticator: Authenticator;
  readonly running: RunningRequests;
  readonly retries: RunsUnderWay;
}

export function registerCreateResponse(app: FastifyInstance, deps: CreateResponseDeps): void {
  const create = async (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    shared: RunUnderWay | undefined,
  ): Promise<void> => {
    await admitCaller(deps, caller, reply);
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
      const headers = record.requestHeadersToStore();
      const { response } = await deps.background.enqueue(prepared, { body, profileName, headers });
      if (!prepared.request.stream) {
        shared?.whole(200, response, {});
        reply.send(response);
        return;
      }
      const follow = (to: FastifyReply): Promise<void> =>
        replayResponse({ reply: to, owner: caller.owner, id: prepared.id, after: -1 }, deps);
      shared?.tellElsewhere(follow);
      await follow(reply);
      return;
    }
    const turn = { ...prepared.turn, recordId: record.id };
    await runInForeground({ ...prepared, turn }, request, { reply, shared }, deps);
  };

  app.post('/v1/responses', (request, reply) =>
    answerOnce(deps, request, reply, (...known) => create(request, reply, ...known)),
  );
}

async function runInForeground(
  prepared: PreparedResponse,
  { id: requestId, record }: FastifyRequest,
  { reply, shared }: { readonly reply: FastifyReply; readonly shared: RunUnderWay | undefined },
  deps: CreateResponseDeps,
): Promise<void> {
  const { logger, timing } = deps;
  using running = deps.running.begin(reply.raw, shared?.abandoned);
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
  await answer({ reply, response, timing, logger, debug, copy: shared });
  record.keepAnswer(response.encoder.response());
}
