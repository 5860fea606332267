import type { Profile } from '../turn/index.ts';
import { invalidValue } from './errors.ts';

/** The profiles that the server offers; the two that it chooses between by itself are always there. */
export interface ProfileSet {
  readonly agent: Profile;
  readonly model: Profile;
  readonly [name: string]: Profile;
}

export interface ProfileRequest {
  /** From the header `x-claudecode-profile`; wins over the model id. */
  readonly header: string | undefined;
  /** From a model id such as `agent/opus`. */
  readonly modelId: string | undefined;
  readonly hasClientTools: boolean;
  /** Of the caller's key. */
  readonly rules?: ProfileRules | undefined;
}

/** Which profile somebody gets who asks for none. */
export interface ProfileRules {
  /** Null: the server chooses. */
  readonly preferred: string | null;
  /** The only ones to choose from; null: all. */
  readonly allowed: readonly string[] | null;
  /** A profile as the caller may have it. */
  readonly narrow: (profile: Profile) => Profile;
}

/**
 * What is asked for by name wins, whether it is allowed or not: that is for others to say. Else a client that brings
 * its own tools wants a model, and any other gets the agent, as far as the rules let it.
 */
export function chooseProfile(profiles: ProfileSet, request: ProfileRequest): Profile {
  const name = request.header ?? request.modelId ?? chooseUnasked(profiles, request);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return request.rules?.narrow(profile) ?? profile;
  const known = Object.keys(profiles).map((known) => `'${known}'`);
  const param = request.header === undefined ? 'model' : 'x-claudecode-profile';
  throw invalidValue(param, `Unknown profile '${name}'. Supported values are: ${known.join(', ')}.`);
}

function chooseUnasked(profiles: ProfileSet, { hasClientTools, rules }: ProfileRequest): string {
  const [usual, other] = hasClientTools ? ['model', 'agent'] : ['agent', 'model'];
  const { preferred, allowed } = rules ?? { preferred: null, allowed: null };
  const candidates = [...(preferred === null ? [] : [preferred]), usual, other, ...(allowed ?? [])];
  const isOpen = (name: string): boolean =>
    Object.hasOwn(profiles, name) && (allowed === null || allowed.includes(name));
  return candidates.find(isOpen) ?? usual;
}
