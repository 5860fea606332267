import type { KeyLimits, KeyPermissions } from '../../../../src/contract/index.ts';
import { formatCompact } from '../../format/format.ts';

/** Limits of pace; those of amounts have bars. */
export function describeLimits({ requestsPerMinute, concurrentRuns }: KeyLimits): readonly string[] {
  return [
    ...(requestsPerMinute === null ? [] : [`${formatCompact(requestsPerMinute)}/min`]),
    ...(concurrentRuns === null ? [] : [`${formatCompact(concurrentRuns)} at once`]),
  ];
}

/** What a key is narrowed to; nothing where it may do all. */
export function describePermissions({ models, profiles, builtInTools }: KeyPermissions): readonly string[] {
  return [
    ...(models === null ? [] : [few(models, 'model')]),
    ...(profiles === null ? [] : [few(profiles, 'profile')]),
    ...(builtInTools === null ? [] : [builtInTools.length === 0 ? 'no tools' : few(builtInTools, 'tool')]),
  ];
}

function few(names: readonly string[], noun: string): string {
  const [first] = names;
  if (first === undefined) return `no ${noun}s`;
  return names.length === 1 ? first : `${names.length} ${noun}s`;
}
