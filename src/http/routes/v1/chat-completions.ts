import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Governor, permitRuns } from '../../../access/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { debugLines } from '../../../observability/index.ts';
import {
  ChatChoiceCollector,
  type ChatEncoderOptions,
  type ChatRequest,
  ChatStreamEncoder,
  decodeChatRequest,
  encodeChatCompletion,
  type FileTelling,
  type ModelDirectory,
  type ProfileSet,
  peekFileIds,
} from '../../../openai/index.ts';
import { admitCaller } from '../../admit-request.ts';
import type { AnswerTiming } from '../../answer-timing.ts';
import type { Authenticator, Caller } from '../../authenticator.ts';
import { collectChoices } from '../../choices/collect-choices.ts';
import { streamChoices } from '../../choices/stream-choices.ts';
import type { FileServices } from '../../files/file-services.ts';
import { loadFiles } from '../../files/load-files.ts';
import { type FileDelivery, tellFiles } from '../../files/tell-files.ts';
import { newId } from '../../new-id.ts';
import { permitRequest, profileRules } from '../../permit-request.ts';
import { reportIgnored } from '../../report-ignored.ts';
import { requestedProfile } from '../../responses/requested-profile.ts';
import { answerOnce } from '../../retries/answer-once.ts';
import type { RunUnderWay } from '../../retries/run-under-way.ts';
import type { RunsUnderWay } from '../../retries/runs-under-way.ts';
import { type ChoiceEvent, runChoices } from '../../run-choices.ts';
import type { RunningRequests } from '../../running-requests.ts';
import {
  requestedSideRequest,
  type SideRequestSetting,
  serveSideRequests,
  tellSideRequest,
} from '../../side-requests.ts';
import { unparsableBody } from '../../wire-errors.ts';

export interface ChatCompletionsDeps {
  readonly authenticator: Authenticator;
  readonly governor: Governor;
  /** Governed: see `Governor.govern`. */
  readonly engine: Pick<Engine, 'runTurn'>;
  readonly models: () => Promise<ModelDirectory>;
  /** Of the moment. */
  readonly profiles: () => Promise<ProfileSet>;
  readonly sideRequests: () => SideRequestSetting;
  /** Tell what the agent does, as reasoning. */
  readonly showToolActivity: () => boolean;
  readonly files: FileServices;
  /** How clients are told of files, where they do not say. */
  readonly fileDelivery: () => FileDelivery;
  readonly timing: AnswerTiming;
  readonly running: RunningRequests;
  readonly retries: RunsUnderWay;
  readonly logger: Logger;
}

export function registerChatCompletions(app: FastifyInstance, deps: ChatCompletionsDeps): void {
  const { engine, logger } = deps;

  const complete = async (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    shared: RunUnderWay | undefined,
  ): Promise<void> => {
    await admitCaller(deps, caller, reply);
    const chat = await decode(request, caller, deps);
    const { profile } = chat.turn;
    const telling = { profile, delivery: deps.fileDelivery() };
    const files = tellFiles(request, caller.owner, deps.files, telling);
    reportIgnored(chat.ignored, reply, logger);
    tellSideRequest(chat.sideRequest, request, reply);

    using running = deps.running.begin(reply.raw, shared?.abandoned);
    using _record = request.record.run((reason) => running.abort(reason));
    const debug = debugLines(logger, request.id);
    debug.decoded(chat.turn);
    const observe = (event: ChoiceEvent): void => {
      request.record.observe(event);
      debug.event(event);
    };
    await using run = runChoices(engine, chat.turn, chat.n, { signal: running.signal, observe });

    const head = { id: newId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model: chat.model };
    request.record.responseId = head.id;
    const choices = choiceOptions(chat, head, { activity: deps.showToolActivity(), files });
    const answer = { reply, events: run.events, timing: deps.timing, logger, debug, copy: shared };
    if (chat.stream) {
      const encoders = choices.map((options) => new ChatStreamEncoder(options));
      await streamChoices(answer, encoders, chat);
    } else {
      const collectors = choices.map((options) => new ChatChoiceCollector(options));
      await collectChoices(answer, collectors, (collected) => encodeChatCompletion(head, collected));
    }
  };

  app.post('/v1/chat/completions', (request, reply) =>
    answerOnce(deps, request, reply, (...known) => complete(request, reply, ...known)),
  );
}

/** One encoder's options for each of the `n` choices. */
function choiceOptions(
  { n, legacyFunctions, customToolNames, filesInText }: ChatRequest,
  head: Pick<ChatEncoderOptions, 'id' | 'created' | 'model'>,
  { activity, files }: { readonly activity: boolean; readonly files: FileTelling },
): ChatEncoderOptions[] {
  return Array.from({ length: n }, (_, choiceIndex) => ({
    ...head,
    choiceIndex,
    legacyFunctions,
    customToolNames,
    activity,
    files: { ...files, inText: filesInText },
  }));
}

async function decode(
  request: FastifyRequest,
  caller: Caller,
  deps: ChatCompletionsDeps,
): Promise<ChatRequest> {
  const { body, record } = request;
  if (body === undefined) throw unparsableBody();
  const [models, profiles, findFile] = await Promise.all([
    deps.models(),
    deps.profiles(),
    loadFiles(caller.owner, peekFileIds(body), deps.files),
  ]);
  const chat = decodeChatRequest(body, {
    turnId: newId('turn_'),
    owner: caller.owner,
    models,
    profiles,
    profileName: requestedProfile(request),
    profileRules: profileRules(caller),
    sideRequests: serveSideRequests(caller, requestedSideRequest(request), {
      models,
      setting: deps.sideRequests(),
    }),
    findFile,
  });
  record.turnId = chat.turn.id;
  record.model = chat.turn.model;
  record.profile = chat.turn.profile.name;
  permitRuns(caller.key, chat.n);
  const turn = permitRequest(caller, chat.turn, chat.model, models);
  return { ...chat, turn: { ...turn, recordId: record.id } };
}
