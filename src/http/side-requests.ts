import type { FastifyReply, FastifyRequest } from 'fastify';
import { mayUseModel, mayUseProfile } from '../access/index.ts';
import {
  invalidValue,
  type ModelDirectory,
  type SideRequestKind,
  type SideRequestService,
  sideRequestKinds,
} from '../openai/index.ts';
import { modelProfile } from '../turn/index.ts';
import type { Caller } from './authenticator.ts';
import { requestedProfile } from './responses/requested-profile.ts';

/** `small`: by the small model, without tools or a workspace. `off`: as any other request. */
export type SideRequestSetting = 'small' | 'off';

/** What a request says of itself; undefined: nothing. */
export type SideRequestWish = SideRequestKind | 'off' | undefined;

const header = 'x-claudecode-side-request';

/** Open WebUI's name of its tasks, where its operator has it sent; empty for what a person asks. */
const openWebuiHeader = 'x-openwebui-task';
const openWebuiTasks = new Map<string, SideRequestKind>([
  ['title_generation', 'title'],
  ['tags_generation', 'tags'],
  ['follow_up_generation', 'follow-ups'],
  ['query_generation', 'query'],
  ['image_prompt_generation', 'image-prompt'],
  ['emoji_generation', 'emoji'],
  ['autocomplete_generation', 'autocomplete'],
]);

/** Throws a 400 WireError for a kind that there is not. Who names a profile wants that one. */
export function requestedSideRequest(request: Pick<FastifyRequest, 'headers'>): SideRequestWish {
  const asked = request.headers[header];
  const kind = sideRequestKinds.find((one) => one === asked);
  if (asked !== undefined && asked !== 'off' && kind === undefined) {
    const values = ['off', ...sideRequestKinds].join(', ');
    throw invalidValue(header, `Invalid '${header}': expected one of ${values}.`);
  }
  if (asked === 'off' || requestedProfile(request) !== undefined) return 'off';
  if (kind !== undefined) return kind;
  const task = request.headers[openWebuiHeader];
  return typeof task === 'string' ? (openWebuiTasks.get(task) ?? 'off') : undefined;
}

/** How a caller's side requests are served; undefined: as any other request. */
export function serveSideRequests(
  { key }: Pick<Caller, 'key'>,
  wish: SideRequestWish,
  { models, setting }: { readonly models: ModelDirectory; readonly setting: SideRequestSetting },
): SideRequestService | undefined {
  if (setting === 'off' || wish === 'off' || !mayUseProfile(key, modelProfile.name)) return undefined;
  return {
    ...(mayUseModel(key, models.small.names) && { model: models.small }),
    ...(wish !== undefined && { announced: wish }),
  };
}

/** Notes what a request turned out to be, for the log and for the client. */
export function tellSideRequest(
  kind: SideRequestKind | undefined,
  { record }: Pick<FastifyRequest, 'record'>,
  reply: FastifyReply,
): void {
  if (kind === undefined) return;
  record.sideRequest = kind;
  reply.header(header, kind);
}
