import type { Setting } from '../../../src/contract/index.ts';

/** What Claude Code knows models by, besides their full names. */
const shortNames = ['opus', 'sonnet', 'haiku'];

/** Every name once: the short ones first, then by the alphabet. */
export function gatherModels(
  settings: readonly Pick<Setting, 'name' | 'value'>[],
  used: readonly string[],
): readonly string[] {
  const settingOf = (wanted: string) => settings.find(({ name }) => name === wanted)?.value;
  const single = [settingOf('DEFAULT_MODEL'), settingOf('SMALL_MODEL')].filter(
    (one) => typeof one === 'string',
  );
  const aliases = settingOf('MODEL_ALIASES');
  const mapped =
    typeof aliases === 'object' && aliases !== null && !Array.isArray(aliases)
      ? Object.entries(aliases).flat()
      : [];
  const others = [...single, ...mapped, ...used].filter((name) => name !== '' && !shortNames.includes(name));
  return [...shortNames, ...[...new Set(others)].sort((a, b) => a.localeCompare(b))];
}
