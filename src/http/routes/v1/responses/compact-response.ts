import type { FastifyInstance } from 'fastify';
import { debugLines } from '../../../../observability/index.ts';
import { compactionTurn, encodeCompactedResponse } from '../../../../openai/index.ts';
import { admitRequest } from '../../../admit-request.ts';
import { openJsonAnswer } from '../../../json-answer.ts';
import { newId } from '../../../new-id.ts';
import { logFailure } from '../../../reply-errors.ts';
import { reportIgnored } from '../../../report-ignored.ts';
import { prepareResponse } from '../../../responses/prepare-response.ts';
import { requestedProfile } from '../../../responses/requested-profile.ts';
import { createEncoder } from '../../../responses/response-encoder.ts';
import { type ChoiceEvent, runChoices } from '../../../run-choices.ts';
import { errorHeaders, toWireError, unparsableBody } from '../../../wire-errors.ts';
import type { CreateResponseDeps } from './create-response.ts';

/** A whole conversation, shortened: the user's messages, and a sealed summary of all the rest. Nothing is stored. */
export function registerCompactResponse(app: FastifyInstance, deps: CreateResponseDeps): void {
  const { engine, logger, timing } = deps;

  app.post('/v1/responses/compact', async (request, reply) => {
    const caller = await admitRequest(deps, request, reply);
    const { body, record } = request;
    if (body === undefined) throw unparsableBody();
    const call = { id: newId('resp_'), createdAt: Date.now(), caller, body, questionOptional: true };
    const asked = await prepareResponse({ ...call, profileName: requestedProfile(request) }, deps);
    // By its trigger, which Codex sends as an item, the same is asked for.
    const isTriggered = asked.request.compactionTrigger;
    const prepared = {
      ...asked,
      request: { ...asked.request, compactionTrigger: true },
      turn: isTriggered ? asked.turn : compactionTurn(asked.turn),
    };
    record.turnId = prepared.id;
    record.model = prepared.turn.model;
    record.profile = prepared.turn.profile.name;
    reportIgnored(prepared.request.ignored, reply, logger);

    using running = deps.running.begin(reply.raw);
    using _record = record.run((reason) => running.abort(reason));
    const debug = debugLines(logger, request.id);
    debug.decoded(prepared.turn);
    const observe = (event: ChoiceEvent): void => {
      record.observe(event);
      debug.event(event);
    };
    await using run = runChoices(engine, prepared.turn, 1, { signal: running.signal, observe });
    using json = openJsonAnswer(reply, timing);
    try {
      const encoder = createEncoder(prepared, deps);
      for await (const { event } of run.events) encoder.push(event);
      const [compaction] = encoder.output;
      const { usage } = encoder.response();
      if (encoder.failure) throw encoder.failure;
      if (compaction?.type !== 'compaction' || usage === null) throw new Error('The compaction has no item.');
      json.send(
        200,
        encodeCompactedResponse({
          id: prepared.id,
          createdAt: Math.floor(prepared.createdAt / 1000),
          items: [...prepared.history, ...prepared.request.inputItems],
          compaction,
          usage,
        }),
      );
    } catch (cause) {
      const error = toWireError(cause);
      logFailure(logger, error, request.id);
      json.send(error.status, error.toBody(), errorHeaders(error));
    }
    return reply;
  });
}
