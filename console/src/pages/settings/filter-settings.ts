import type { Setting } from '../../../../src/contract/index.ts';
import { settingTitle } from './setting-title.ts';
import { valueText } from './value-text.ts';

/** The name of the group that holds what only a restart changes. */
export const startupGroup = 'Start-up';

interface SettingFilter {
  readonly text?: string | undefined;
  readonly group?: string | undefined;
  readonly source?: string | undefined;
}

/** Every word has to be found somewhere: in the name, the title, the explanation or the value. */
export function filterSettings(settings: readonly Setting[], filter: SettingFilter): readonly Setting[] {
  return settings.filter(
    (setting) =>
      (filter.group === undefined || setting.group === filter.group) &&
      (filter.source === undefined || setting.source === filter.source) &&
      hasWords(
        [
          setting.name,
          settingTitle(setting.name),
          setting.group,
          setting.description,
          valueText(setting.kind, setting.value),
        ],
        filter.text,
      ),
  );
}

export function filterStartup<
  Variable extends { readonly name: string; readonly value: string | null; readonly source: string },
>(variables: readonly Variable[], filter: SettingFilter): readonly Variable[] {
  return variables.filter(
    ({ name, value, source }) =>
      (filter.group === undefined || filter.group === startupGroup) &&
      (filter.source === undefined || source === filter.source) &&
      hasWords([name, settingTitle(name), value ?? '', 'start-up environment restart'], filter.text),
  );
}

/** The settings by their groups, in the order they came. */
export function groupSettings(
  settings: readonly Setting[],
): readonly (readonly [string, readonly Setting[]])[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  return [...groups];
}

function hasWords(texts: readonly string[], wanted: string | undefined): boolean {
  const all = texts.join('\n').toLowerCase();
  return (wanted ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
