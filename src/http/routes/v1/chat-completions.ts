import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Engine } from '../../../engine/index.ts';
import {
  ChatChoiceCollector,
  type ChatEncoderOptions,
  type ChatRequest,
  ChatStreamEncoder,
  decodeChatRequest,
  encodeChatCompletion,
  type ModelDirectory,
  type ProfileSet,
} from '../../../openai/index.ts';
import type { AnswerTiming } from '../../answer-timing.ts';
import type { Authenticator } from '../../authenticator.ts';
import { collectChoices } from '../../choices/collect-choices.ts';
import { streamChoices } from '../../choices/stream-choices.ts';
import { identifyCaller } from '../../identify-caller.ts';
import { newId } from '../../new-id.ts';
import { reportIgnored } from '../../report-ignored.ts';
import { type ChoiceEvent, runChoices } from '../../run-choices.ts';
import type { RunningRequests } from '../../running-requests.ts';
import { unparsableBody } from '../../wire-errors.ts';

export interface ChatCompletionsDeps {
  readonly authenticator: Authenticator;
  readonly engine: Pick<Engine, 'runTurn'>;
  readonly models: () => Promise<ModelDirectory>;
  readonly profiles: ProfileSet;
  /** Tell what the agent does, as reasoning. */
  readonly showToolActivity: boolean;
  readonly timing: AnswerTiming;
  readonly running: RunningRequests;
  readonly logger: Logger;
}

export function registerChatCompletions(app: FastifyInstance, deps: ChatCompletionsDeps): void {
  const { authenticator, engine, logger } = deps;

  app.post('/v1/chat/completions', async (request, reply) => {
    const { owner } = await identifyCaller(authenticator, request);
    const chat = await decode(request, owner, deps);
    reportIgnored(chat.ignored, reply, logger);

    using running = deps.running.begin(reply.raw);
    using _record = request.record.hold();
    const observe = (event: ChoiceEvent): void => {
      request.record.observe(event);
      logger.debug({ requestId: request.id, choice: event.choice, event: event.event.type }, 'turn event');
    };
    await using run = runChoices(engine, chat.turn, chat.n, { signal: running.signal, observe });

    const head = { id: newId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model: chat.model };
    const choices = choiceOptions(chat, head, deps.showToolActivity);
    const answer = { reply, events: run.events, timing: deps.timing, logger };
    if (chat.stream) {
      const encoders = choices.map((options) => new ChatStreamEncoder(options));
      await streamChoices(answer, encoders, chat);
    } else {
      const collectors = choices.map((options) => new ChatChoiceCollector(options));
      await collectChoices(answer, collectors, (collected) => encodeChatCompletion(head, collected));
    }
    return reply;
  });
}

/** One encoder's options for each of the `n` choices. */
function choiceOptions(
  { n, legacyFunctions, customToolNames }: ChatRequest,
  head: Pick<ChatEncoderOptions, 'id' | 'created' | 'model'>,
  activity: boolean,
): ChatEncoderOptions[] {
  return Array.from({ length: n }, (_, choiceIndex) => ({
    ...head,
    choiceIndex,
    legacyFunctions,
    customToolNames,
    activity,
  }));
}

async function decode(
  request: FastifyRequest,
  owner: string,
  deps: ChatCompletionsDeps,
): Promise<ChatRequest> {
  const { body, headers, record } = request;
  if (body === undefined) throw unparsableBody();
  const profileName = headers['x-claudecode-profile'];
  const chat = decodeChatRequest(body, {
    turnId: newId('turn_'),
    owner,
    models: await deps.models(),
    profiles: deps.profiles,
    profileName: typeof profileName === 'string' ? profileName : undefined,
  });
  record.turnId = chat.turn.id;
  record.model = chat.turn.model;
  record.profile = chat.turn.profile.name;
  return chat;
}
