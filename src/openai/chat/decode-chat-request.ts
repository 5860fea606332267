import { isJsonObject, type JsonObject, type Turn } from '../../turn/index.ts';
import { FileAttacher } from '../attach-files.ts';
import { chooseProfile, type ProfileRules, type ProfileSet } from '../choose-profile.ts';
import { decodeEffort } from '../decode-effort.ts';
import { decodeSampling } from '../decode-sampling.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import type { ModelDirectory } from '../models.ts';
import { parseBody } from '../parse-body.ts';
import { chooseService, type SideRequestService } from '../side-requests/choose-service.ts';
import type { SideRequestKind } from '../side-requests/side-request-rules.ts';
import { type FindFile, readsWorkspace } from '../uploaded-files.ts';
import { type ChatRequestBody, chatRequestSchema } from './chat-request-schema.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeTools } from './decode-tools.ts';
import { fromResponsesShape } from './from-responses-shape.ts';
import { refuseUnsupported, reportIgnored } from './report-ignored.ts';

export interface ChatContext {
  readonly turnId: string;
  readonly owner: string;
  readonly models: Pick<ModelDirectory, 'resolve'>;
  readonly profiles: ProfileSet;
  /** From the header `x-claudecode-profile`. */
  readonly profileName?: string | undefined;
  readonly profileRules?: ProfileRules | undefined;
  /** Absent: side requests are served as any other. */
  readonly sideRequests?: SideRequestService | undefined;
  /** Those that `peekFileIds` names; absent: there are none. */
  readonly findFile?: FindFile | undefined;
}

export interface ChatRequest {
  readonly turn: Turn;
  /** As the client named it. */
  readonly model: string;
  /** How many answers; each is a turn of its own. */
  readonly n: number;
  readonly stream: boolean;
  /** The stream ends with a chunk of usage. */
  readonly includeUsage: boolean;
  readonly legacyFunctions: boolean;
  readonly customToolNames: ReadonlySet<string>;
  /** False: nothing may be added to the answer's text, which has to fit a schema or to end as the client said. */
  readonly filesInText: boolean;
  /** Absent: it is none. */
  readonly sideRequest?: SideRequestKind;
  readonly ignored: readonly IgnoredParameter[];
}

/** Decodes a body of `POST /v1/chat/completions`. Throws a WireError for what cannot be honoured. */
export function decodeChatRequest(body: unknown, context: ChatContext): ChatRequest {
  const request = parseBody(chatRequestSchema, fromResponsesShape(body));
  refuseUnsupported(request);
  const resolved = context.models.resolve(request.model);
  const tools = decodeTools(request);
  const profile = chooseProfile(context.profiles, {
    header: context.profileName,
    modelId: resolved.profileName,
    hasClientTools: tools.tools.length > 0,
    rules: context.profileRules,
  });
  const files = new FileAttacher({ findFile: context.findFile, intoWorkspace: readsWorkspace(profile) });
  const conversation = decodeMessages(request.messages, files.resolve);
  const service = chooseService(
    {
      ...conversation,
      profile,
      model: resolved,
      effort: decodeEffort(request.reasoning_effort) ?? profile.effort,
      isPlain: tools.tools.length === 0 && files.attached.length === 0,
    },
    context.sideRequests,
  );
  const sampling = decodeSampling({
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    effort: service.effort,
    adaptiveThinking: service.model.adaptiveThinking,
  });

  const output = decodeOutput(request);

  return {
    turn: {
      id: context.turnId,
      owner: context.owner,
      model: service.model.model,
      profile: service.profile,
      ...(service.sideRequest === undefined ? {} : { aside: true }),
      system: conversation.system,
      messages: service.messages,
      ...(files.attached.length > 0 ? { attachedFiles: files.attached } : {}),
      tools: { tools: tools.tools, choice: tools.choice, parallel: tools.parallel },
      output,
      reasoning: sampling.reasoning,
      sampling: sampling.sampling,
    },
    model: request.model,
    n: request.n ?? 1,
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    legacyFunctions: tools.legacyFunctions,
    customToolNames: tools.customToolNames,
    filesInText: output.schema === undefined && output.stop.length === 0,
    ...(service.sideRequest === undefined ? {} : { sideRequest: service.sideRequest }),
    ignored: [...conversation.ignored, ...tools.ignored, ...sampling.ignored, ...reportIgnored(request)],
  };
}

function decodeOutput(request: ChatRequestBody): Turn['output'] {
  const schema = decodeResponseFormat(request.response_format);
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const stop = typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []);
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    stop: stop.filter((text) => text !== ''),
  };
}

function decodeResponseFormat(format: ChatRequestBody['response_format']): JsonObject | undefined {
  switch (format?.type) {
    case 'json_schema': {
      const { schema } = format.json_schema;
      return isJsonObject(schema) ? schema : {};
    }
    case 'json_object':
      return { type: 'object' };
    case 'text':
    case undefined:
      return undefined;
  }
}
