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
}

/** A client that brings its own tools wants a model; any other gets the agent. What is asked for by name wins. */
export function chooseProfile(profiles: ProfileSet, request: ProfileRequest): Profile {
  const name = request.header ?? request.modelId ?? (request.hasClientTools ? 'model' : 'agent');
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const known = Object.keys(profiles).map((known) => `'${known}'`);
  const param = request.header === undefined ? 'model' : 'x-claudecode-profile';
  throw invalidValue(param, `Unknown profile '${name}'. Supported values are: ${known.join(', ')}.`);
}
