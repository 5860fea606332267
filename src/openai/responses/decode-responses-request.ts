import { isJsonObject, type JsonObject, type Profile, type Turn } from '../../turn/index.ts';
import { FileAttacher } from '../attach-files.ts';
import { chooseProfile, type ProfileRules, type ProfileSet } from '../choose-profile.ts';
import { decodeEffort } from '../decode-effort.ts';
import { decodeSampling } from '../decode-sampling.ts';
import { badRequest } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import type { ModelDirectory } from '../models.ts';
import { parseBody } from '../parse-body.ts';
import { chooseService, type SideRequestService } from '../side-requests/choose-service.ts';
import type { SideRequestKind } from '../side-requests/side-request-rules.ts';
import { readsWorkspace } from '../uploaded-files.ts';
import { decodeApprovedCalls } from './decode-approvals.ts';
import { decodeConversation } from './decode-conversation.ts';
import { decodeInputItems, type PlacedItem } from './decode-input-items.ts';
import type { ItemContext } from './decode-item.ts';
import { type BroughtTools, decodeTools } from './decode-tools.ts';
import type { HostedTools } from './hosted-tools.ts';
import { idPrefixes, type StoredItem } from './items.ts';
import { decodeState, type RequestReferences } from './peek-references.ts';
import { refuseUnsupported, reportIgnored } from './report-ignored.ts';
import { decodeSettings, type ResponseSettings } from './response-settings.ts';
import { type ResponsesRequestBody, responsesRequestSchema } from './responses-request-schema.ts';
import type { NamespacedName } from './tool-names.ts';

/** When the agent's own work is told as items of the answer. */
export type AgentItems = 'off' | 'on' | 'on-request';

export interface ResponsesContext extends ItemContext {
  readonly turnId: string;
  readonly owner: string;
  readonly models: Pick<ModelDirectory, 'resolve'>;
  readonly profiles: ProfileSet;
  /** From the header `x-claudecode-profile`. */
  readonly profileName?: string | undefined;
  readonly profileRules?: ProfileRules | undefined;
  /** Absent: side requests are served as any other. */
  readonly sideRequests?: SideRequestService | undefined;
  /** Items of the chain of previous responses, or of the conversation, oldest first. */
  readonly history: readonly StoredItem[];
  /** The summary in a compaction item's `encrypted_content`; undefined if this server did not seal it. */
  readonly openCompaction: (encryptedContent: string) => string | undefined;
  /** `on-request` if absent. */
  readonly agentItems?: AgentItems;
  /** For requests that ask the model nothing: `/responses/compact` and `/responses/input_tokens`. */
  readonly questionOptional?: boolean;
}

export interface ResponsesRequest extends Pick<RequestReferences, 'previousResponseId' | 'conversationId'> {
  /** Its last message comes from the user, unless `compactionTrigger`, `generate: false` or `questionOptional`. */
  readonly turn: Turn;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly background: boolean;
  readonly store: boolean;
  readonly include: ReadonlySet<string>;
  readonly settings: ResponseSettings;
  /** The new input, every item with an id and references resolved. */
  readonly inputItems: readonly StoredItem[];
  /** Tell the agent's own work as items of the answer. */
  readonly showAgentWork: boolean;
  readonly hosted: HostedTools;
  readonly customToolNames: ReadonlySet<string>;
  /** The tools of namespaces, by the names that they have in the turn. */
  readonly toolNamespaces: ReadonlyMap<string, NamespacedName>;
  /** The answer is one compaction item: see `compactionTurn`. */
  readonly compactionTrigger: boolean;
  /** False for a warm-up, which is answered without asking the model. */
  readonly generate: boolean;
  /** Absent: it is none. */
  readonly sideRequest?: SideRequestKind;
  readonly ignored: readonly IgnoredParameter[];
}

/** Decodes a body of `POST /v1/responses`. Throws a WireError for what cannot be honoured. */
export function decodeResponsesRequest(body: unknown, context: ResponsesContext): ResponsesRequest {
  const request = parseBody(responsesRequestSchema, body);
  const references = decodeState(request);
  refuseUnsupported(request);
  requireInput(request, references);
  const resolved = context.models.resolve(request.model);
  const input = decodeInputItems(request['input'], 'input', context);
  const newItems = leaveOutKnown(input.items, context.history, context.newId);
  const tools = decodeTools({
    tools: request.tools ?? [],
    toolChoice: request.tool_choice,
    additional: findBroughtTools(context.history, newItems),
  });
  const { hosted } = tools;
  const profile = chooseProfile(context.profiles, {
    header: context.profileName,
    modelId: resolved.profileName,
    hasClientTools: tools.tools.length > 0 && !hosted.codeInterpreter && !hosted.shell,
    rules: context.profileRules,
  });
  const generate = request.generate ?? true;
  const { compactionTrigger } = input;
  const files = new FileAttacher({ findFile: context.findFile, intoWorkspace: readsWorkspace(profile) });
  const conversation = decodeConversation({
    instructions: request.instructions ?? undefined,
    history: context.history,
    input: newItems,
    flatName: (namespace, name) => tools.names.flatten(namespace, name),
    openCompaction: context.openCompaction,
    findItem: context.findItem,
    files,
    questionRequired: generate && !compactionTrigger && context.questionOptional !== true,
  });
  const service = chooseService(
    {
      ...conversation,
      profile,
      model: resolved,
      effort: decodeEffort(request.reasoning?.effort) ?? profile.effort,
      isPlain:
        tools.tools.length === 0 &&
        tools.echo.length === 0 &&
        files.attached.length === 0 &&
        Object.keys(references).length === 0 &&
        request.background !== true &&
        generate &&
        !compactionTrigger,
    },
    context.sideRequests,
  );
  const sampling = decodeSampling({
    temperature: request.temperature ?? undefined,
    topP: request.top_p ?? undefined,
    effort: service.effort,
    adaptiveThinking: service.model.adaptiveThinking,
  });
  const approvedCalls = decodeApprovedCalls({ ...context, input: newItems });
  const turn: Turn = {
    id: context.turnId,
    owner: context.owner,
    model: service.model.model,
    profile: service.profile,
    ...(service.sideRequest === undefined ? {} : { aside: true }),
    system: conversation.system,
    messages: service.messages,
    ...(files.attached.length > 0 ? { attachedFiles: files.attached } : {}),
    tools: {
      tools: tools.tools,
      choice: tools.choice,
      parallel: request.parallel_tool_calls ?? true,
      ...(typeof request.max_tool_calls === 'number' ? { maxBuiltInCalls: request.max_tool_calls } : {}),
    },
    ...(hosted.mcpServers.length > 0 ? { mcpServers: hosted.mcpServers } : {}),
    ...(approvedCalls.length > 0 ? { approvedCalls } : {}),
    asksClient: true,
    output: decodeOutput(request),
    reasoning: sampling.reasoning,
    sampling: sampling.sampling,
  };
  const include = new Set(request.include ?? []);

  return {
    turn,
    model: request.model,
    stream: request.stream ?? false,
    background: request.background ?? false,
    store: request.store ?? true,
    ...references,
    include,
    settings: decodeSettings({ body: request, references, tools, turn }),
    inputItems: newItems.map(({ item }) => item),
    showAgentWork: showsAgentWork(context.agentItems ?? 'on-request', hosted, include),
    hosted,
    customToolNames: tools.customToolNames,
    toolNamespaces: new Map(tools.namespaces),
    compactionTrigger,
    generate,
    ...(service.sideRequest === undefined ? {} : { sideRequest: service.sideRequest }),
    ignored: [
      ...conversation.ignored,
      ...tools.ignored,
      ...sampling.ignored,
      ...reportIgnored(request),
      ...reportUnusedSearch(hosted, turn.profile),
      ...reportUnusedContainer(hosted, turn.profile),
    ],
  };
}

/** Codex and others name web search in every request, beside tools of their own, which make the agent a plain model. */
function reportUnusedSearch({ webSearch }: HostedTools, { name, builtInTools }: Profile): IgnoredParameter[] {
  if (!webSearch || builtInTools !== 'none') return [];
  const reason = `The '${name}' profile has no built-in tools; name the 'agent' profile to have them beside your own.`;
  return [{ param: 'tools[].web_search', reason }];
}

function reportUnusedContainer({ container }: HostedTools, profile: Profile): IgnoredParameter[] {
  if (container === undefined || readsWorkspace(profile)) return [];
  const reason = `The '${profile.name}' profile has no tools that work in a container.`;
  return [{ param: container.param, reason }];
}

function requireInput(body: ResponsesRequestBody, references: Partial<RequestReferences>): void {
  const { input } = body;
  if (input !== undefined && input !== null) return;
  if (references.previousResponseId !== undefined || references.conversationId !== undefined) return;
  throw badRequest(
    "Missing required parameter: one of 'input', 'previous_response_id' or 'conversation' must be provided.",
    'input',
    'missing_required_field',
  );
}

/**
 * A client may refer to an item of the very conversation that it continues, or send it again; it is not said
 * twice. But ids of messages to the model are the client's own, and some clients count anew in every request.
 */
function leaveOutKnown(
  items: readonly PlacedItem[],
  history: readonly StoredItem[],
  newId: ItemContext['newId'],
): PlacedItem[] {
  const known = new Map(history.map((item) => [item.id, item] as const));
  return items.flatMap(({ item, path }) => {
    const earlier = known.get(item.id);
    if (earlier === undefined) return [{ item, path }];
    const isInput = item.type === 'message' && item.role !== 'assistant';
    if (!isInput || JSON.stringify(item) === JSON.stringify(earlier)) return [];
    return [{ item: { ...item, id: newId(idPrefixes.message) }, path }];
  });
}

function findBroughtTools(history: readonly StoredItem[], input: readonly PlacedItem[]): BroughtTools[] {
  const earlier = history.map((item) => ({ item, path: 'previous_response_id' }));
  return [...earlier, ...input].flatMap(({ item, path }) =>
    item.type === 'additional_tools' ? [{ tools: item.tools, path }] : [],
  );
}

function decodeOutput(request: ResponsesRequestBody): Turn['output'] {
  const schema = decodeFormat(request.text?.format);
  const maxTokens = request.max_output_tokens ?? undefined;
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    stop: [],
  };
}

function decodeFormat(format: NonNullable<ResponsesRequestBody['text']>['format']): JsonObject | undefined {
  switch (format?.type) {
    case 'json_schema':
      return isJsonObject(format.schema) ? format.schema : {};
    case 'json_object':
      return { type: 'object' };
    case 'text':
    case undefined:
      return undefined;
  }
}

/** Strict clients know only messages, calls and reasoning, so the rest is told to those who ask for it. */
function showsAgentWork(setting: AgentItems, hosted: HostedTools, include: ReadonlySet<string>): boolean {
  if (setting !== 'on-request') return setting === 'on';
  if (hosted.codeInterpreter || hosted.webSearch || hosted.shell || hosted.mcpServers.length > 0) return true;
  return [...include].some((value) => /^(?:code_interpreter_call|web_search_call|mcp_call)\b/.test(value));
}
