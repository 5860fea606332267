import {
  type AssistantPart,
  type Message,
  modelProfile,
  type Profile,
  type TextPart,
  type Turn,
  type UserPart,
} from '../../turn/index.ts';
import type { ResolvedModel } from '../models.ts';
import { askedText, recogniseSideRequest } from './recognise-side-request.ts';
import type { SideRequestKind } from './side-request-rules.ts';

/** How side requests of a caller are served. */
export interface SideRequestService {
  /** Answers in place of the model that was asked for; absent: the caller may use that one only. */
  readonly model?: ResolvedModel;
  /** What the request says that it is; absent: it is known by its words alone. */
  readonly announced?: SideRequestKind;
}

/** What a request asks for, as it would be served. */
export interface AskedService extends Pick<Turn, 'messages'> {
  readonly system: string;
  readonly profile: Profile;
  readonly model: ResolvedModel;
  readonly effort: Turn['reasoning']['effort'];
  /** The request brings neither tools nor files, and refers to nothing that is kept here. */
  readonly isPlain: boolean;
}

/** What serves a request. */
export interface ChosenService extends Pick<AskedService, 'messages' | 'profile' | 'model' | 'effort'> {
  /** Absent: it is none. */
  readonly sideRequest?: SideRequestKind;
}

/**
 * A side request is served by the small model alone: with as little thinking as it can do with, and without tools or a
 * workspace, whatever the operator made of the profiles. `service` is absent where side requests are not told from others.
 */
export function chooseService(asked: AskedService, service: SideRequestService | undefined): ChosenService {
  const { messages, profile, model, effort } = asked;
  const sideRequest = service && asked.isPlain ? kindOf(asked, service) : undefined;
  if (sideRequest === undefined) return { messages, profile, model, effort };
  return {
    messages: textsOf(messages),
    profile: modelProfile,
    model: service?.model ?? model,
    effort: 'none',
    sideRequest,
  };
}

function kindOf(
  { system, messages }: AskedService,
  { announced }: SideRequestService,
): SideRequestKind | undefined {
  const asked = askedText(system, messages);
  return asked && (announced ?? recogniseSideRequest(asked));
}

/** What was said in words: calls and results are of no use to a title, and nothing without the tools. */
function textsOf(messages: readonly Message[]): Message[] {
  const said: Message[] = [];
  for (const { role, parts } of messages) {
    const texts = onlyTexts(parts);
    const last = said.at(-1);
    if (texts.length === 0 || (role === 'assistant' && last === undefined)) continue;
    if (role === 'assistant' && last?.role === 'assistant') {
      said[said.length - 1] = { role, parts: [...last.parts, ...texts] };
    } else {
      said.push({ role, parts: texts });
    }
  }
  return said;
}

function onlyTexts(parts: readonly (UserPart | AssistantPart)[]): TextPart[] {
  return parts.flatMap((part) => (part.type === 'text' ? [part] : []));
}
