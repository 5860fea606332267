import {
  compactionTurn,
  decodeResponsesRequest,
  fileIdsOf,
  openCompaction,
  peekFileIds,
  peekReferences,
  type RequestReferences,
  type ResponsesRequest,
  type StoredItem,
} from '../../openai/index.ts';
import type { Turn } from '../../turn/index.ts';
import type { Caller } from '../authenticator.ts';
import { findContainer } from '../files/find-container.ts';
import { loadFiles } from '../files/load-files.ts';
import { openContainer } from '../files/open-container.ts';
import { newId } from '../new-id.ts';
import { permitRequest, profileRules } from '../permit-request.ts';
import { type SideRequestWish, serveSideRequests } from '../side-requests.ts';
import { findAfter } from './find-after.ts';
import { fromBody, fromStorage } from './item-bodies.ts';
import {
  conversationNotFound,
  previousResponseNotFound,
  previousResponseUnfinished,
} from './response-errors.ts';
import type { ResponseServices } from './response-services.ts';

export interface ResponseCall {
  /** The id of the response, and of its turn. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly caller: Caller;
  readonly body: unknown;
  /** From the header `x-claudecode-profile`. */
  readonly profileName: string | undefined;
  /** What the request says of itself; absent: `off`. */
  readonly sideRequest?: { readonly wish: SideRequestWish };
  /** Responses that are kept for this caller alone, and not in the database. */
  readonly local?: LocalResponses;
  /** The request asks the model nothing by itself. */
  readonly questionOptional?: boolean;
}

export interface LocalResponses {
  /** Everything that was said up to the end of the response. */
  history(id: string): readonly StoredItem[] | undefined;
}

/** A request that is understood, with everything that it refers to. */
export interface PreparedResponse extends Pick<ResponseCall, 'id' | 'createdAt'> {
  readonly owner: string;
  readonly key: Caller['key'];
  readonly request: ResponsesRequest;
  readonly turn: Turn;
  readonly history: readonly StoredItem[];
  /** Where the code of the code interpreter runs. */
  readonly containerId?: string;
}

type Services = Pick<
  ResponseServices,
  'models' | 'profiles' | 'sideRequests' | 'files' | 'responses' | 'conversations' | 'seal' | 'agentItems'
>;

/**
 * Loads what a request refers to and decodes it. Rejects with a WireError for what cannot be honoured, and with a
 * TurnError for what the caller's key does not allow.
 */
export async function prepareResponse(call: ResponseCall, services: Services): Promise<PreparedResponse> {
  const { id, caller, createdAt } = call;
  const { owner } = caller;
  const references = peekReferences(call.body);
  const [models, profiles, history, items] = await Promise.all([
    services.models(),
    services.profiles(),
    loadHistory(references, call, services),
    loadItems(references.itemIds, owner, services),
  ]);
  const known = new Map(history.map((item) => [item.id, item]));
  const fileIds = [...peekFileIds(call.body), ...fileIdsOf([...history, ...items.values()])];
  const findFile = await loadFiles(owner, fileIds, services.files);
  const request = decodeResponsesRequest(call.body, {
    turnId: id,
    owner,
    models,
    profiles,
    profileName: call.profileName,
    profileRules: profileRules(caller),
    sideRequests: serveSideRequests(caller, call.sideRequest ? call.sideRequest.wish : 'off', {
      models,
      setting: services.sideRequests(),
    }),
    history,
    findFile,
    findItem: (itemId) => known.get(itemId) ?? items.get(itemId),
    openCompaction: (content) => openCompaction(content, services.seal.open),
    agentItems: services.agentItems(),
    newId,
    questionOptional: call.questionOptional ?? false,
  });
  const { container: named, codeInterpreter } = request.hosted;
  const found = named && (await findContainer(caller, named.id, services.files, named.param));
  const asked = found ? { ...request.turn, workspaceId: found.workspaceId } : request.turn;
  const permitted = permitRequest(caller, asked, request.model, models);
  const after = findAfter(request, history);
  const partOf = findOrigin(request);
  const turn: Turn = { ...permitted, ...(partOf && { partOf }), ...(after !== undefined && { after }) };
  // Its calls name the container as they happen, long before there is a file in it.
  const container = found ?? (codeInterpreter ? await openContainer(turn, services.files) : undefined);
  const placed = container ? { ...turn, workspaceId: container.workspaceId } : turn;
  return {
    id,
    owner,
    key: caller.key,
    createdAt,
    request,
    turn: request.compactionTrigger ? compactionTurn(placed) : placed,
    history,
    ...(container && { containerId: container.id }),
  };
}

function findOrigin({ previousResponseId, conversationId }: ResponsesRequest): Turn['partOf'] {
  if (conversationId !== undefined) return { type: 'conversation', id: conversationId };
  return previousResponseId === undefined ? undefined : { type: 'turn', id: previousResponseId };
}

async function loadHistory(
  { previousResponseId, conversationId }: RequestReferences,
  { caller: { owner }, local }: ResponseCall,
  { responses, conversations }: Services,
): Promise<readonly StoredItem[]> {
  if (previousResponseId !== undefined) {
    const kept = local?.history(previousResponseId);
    if (kept !== undefined) return kept;
    const history = await responses.history(owner, previousResponseId);
    if (history === null) throw previousResponseNotFound(previousResponseId);
    if (history.items === null) throw previousResponseUnfinished(previousResponseId, history.status);
    return fromStorage(history.items);
  }
  if (conversationId !== undefined) {
    const items = await conversations.history(owner, conversationId);
    if (items === null) throw conversationNotFound(conversationId);
    return fromStorage(items);
  }
  return [];
}

async function loadItems(
  ids: readonly string[],
  owner: string,
  { responses }: Services,
): Promise<ReadonlyMap<string, StoredItem>> {
  if (ids.length === 0) return new Map();
  const bodies = await responses.findItems(owner, ids);
  return new Map([...bodies].map(([id, body]) => [id, fromBody(body)]));
}
