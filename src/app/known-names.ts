import type { Profiles } from '../access/index.ts';
import { builtInToolNames, type Engine } from '../engine/index.ts';
import type { KnownNames } from '../observability/index.ts';

/** What metrics may name. */
export async function knownNames(
  engine: Pick<Engine, 'models'>,
  profiles: Pick<Profiles, 'current' | 'onChange'>,
): Promise<KnownNames> {
  let offered = await profiles.current();
  profiles.onChange(async () => {
    offered = await profiles.current();
  });
  return {
    // Routes tell their pattern; what fits none is not one of ours.
    isEndpoint: (name) => name.startsWith('/v1/'),
    isModel: (name) => engine.models().some(({ id, resolvedId }) => id === name || resolvedId === name),
    isProfile: (name) => Object.hasOwn(offered, name),
    isTool: (name) => builtInToolNames.has(name),
  };
}
