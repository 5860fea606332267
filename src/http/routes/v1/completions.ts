import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { permitRuns } from '../../../access/index.ts';
import { debugLines } from '../../../observability/index.ts';
import {
  CompletionCollector,
  CompletionStreamEncoder,
  decodeCompletionRequest,
  encodeTextCompletion,
} from '../../../openai/index.ts';
import { admitCaller } from '../../admit-request.ts';
import type { Caller } from '../../authenticator.ts';
import { collectChoices } from '../../choices/collect-choices.ts';
import { streamChoices } from '../../choices/stream-choices.ts';
import { newId } from '../../new-id.ts';
import { permitRequest, profileRules } from '../../permit-request.ts';
import { reportIgnored } from '../../report-ignored.ts';
import { requestedProfile } from '../../responses/requested-profile.ts';
import { answerOnce } from '../../retries/answer-once.ts';
import type { RunUnderWay } from '../../retries/run-under-way.ts';
import { type ChoiceEvent, runTurns } from '../../run-choices.ts';
import { requestedSideRequest, serveSideRequests, tellSideRequest } from '../../side-requests.ts';
import { unparsableBody } from '../../wire-errors.ts';
import type { ChatCompletionsDeps } from './chat-completions.ts';

export type CompletionsDeps = Omit<ChatCompletionsDeps, 'showToolActivity' | 'files' | 'fileDelivery'>;

/** Plain text to be continued, which editors use for inline prediction. */
export function registerCompletions(app: FastifyInstance, deps: CompletionsDeps): void {
  const { engine, logger, timing } = deps;

  const complete = async (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    shared: RunUnderWay | undefined,
  ): Promise<void> => {
    await admitCaller(deps, caller, reply);
    const { body, record } = request;
    if (body === undefined) throw unparsableBody();
    const turnId = newId('turn_');
    const [models, profiles] = await Promise.all([deps.models(), deps.profiles()]);
    const completion = decodeCompletionRequest(body, {
      turnId,
      owner: caller.owner,
      models,
      profiles,
      profileName: requestedProfile(request),
      profileRules: profileRules(caller),
      sideRequests: serveSideRequests(caller, requestedSideRequest(request), {
        models,
        setting: deps.sideRequests(),
      }),
    });
    const { prompts, n, model } = completion;
    record.turnId = turnId;
    record.model = prompts[0]?.turn.model;
    record.profile = prompts[0]?.turn.profile.name;
    permitRuns(caller.key, prompts.length * n);
    const permitted = prompts.map(({ turn }) => ({
      ...permitRequest(caller, turn, model, models),
      recordId: record.id,
    }));
    reportIgnored(completion.ignored, reply, logger);
    tellSideRequest(completion.sideRequest, request, reply);

    using running = deps.running.begin(reply.raw, shared?.abandoned);
    using _record = record.run((reason) => running.abort(reason));
    const debug = debugLines(logger, request.id);
    for (const turn of permitted) debug.decoded(turn);
    const observe = (event: ChoiceEvent): void => {
      record.observe(event);
      debug.event(event);
    };
    const turns = permitted.flatMap((turn) =>
      Array.from({ length: n }, (_, choice) => (n === 1 ? turn : { ...turn, id: `${turn.id}-${choice}` })),
    );
    await using run = runTurns(engine, turns, { signal: running.signal, observe });

    const head = { id: newId('cmpl-'), created: Math.floor(Date.now() / 1000), model };
    record.responseId = head.id;
    // The choices of the first prompt come first.
    const choices = prompts.flatMap(({ echo }, prompt) =>
      Array.from({ length: n }, (_, choice) => ({ ...head, choiceIndex: prompt * n + choice, echo })),
    );
    const answer = { reply, events: run.events, timing, logger, debug, copy: shared };
    if (completion.stream) {
      const encoders = choices.map((options) => new CompletionStreamEncoder(options));
      await streamChoices(answer, encoders, completion);
    } else {
      const collectors = choices.map((options) => new CompletionCollector(options));
      await collectChoices(answer, collectors, (collected) => encodeTextCompletion(head, collected));
    }
  };

  app.post('/v1/completions', (request, reply) =>
    answerOnce(deps, request, reply, (...known) => complete(request, reply, ...known)),
  );
}
