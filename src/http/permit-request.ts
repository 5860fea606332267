import { type Caller, narrowProfile, permitModel, permitTurn } from '../access/index.ts';
import type { ModelDirectory, ProfileRules } from '../openai/index.ts';
import type { Turn } from '../turn/index.ts';

/**
 * The turn as the caller may have it. Throws a TurnError for a model or a profile that its key may not use; `model`
 * is what the client named.
 */
export function permitRequest(
  { key }: Pick<Caller, 'key'>,
  turn: Turn,
  model: string,
  models: Pick<ModelDirectory, 'namesOf'>,
): Turn {
  permitModel(key, models.namesOf(model));
  return permitTurn(key, turn);
}

/** Which profile a key gets that asks for none, and what it may do of any. */
export function profileRules({ key }: Pick<Caller, 'key'>): ProfileRules | undefined {
  if (key === null) return undefined;
  const { defaultProfile, profiles } = key.permissions;
  return { preferred: defaultProfile, allowed: profiles, narrow: (profile) => narrowProfile(key, profile) };
}
