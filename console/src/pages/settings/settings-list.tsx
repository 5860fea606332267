import { SearchX } from 'lucide-react';
import { useMemo } from 'react';
import type { Setting } from '../../../../src/contract/index.ts';
import type { SearchChange } from '../../search/read-search.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { filterSettings, filterStartup, groupSettings, startupGroup } from './filter-settings.ts';
import { GroupNav, GroupSelect } from './group-nav.tsx';
import { type readSettingsSearch, settingSources } from './search.ts';
import { type SettingChange, SettingRow } from './setting-row.tsx';
import { StartupCard, type StartupVariable } from './startup-card.tsx';
import type { useDraft } from './use-draft.ts';

type Search = ReturnType<typeof readSettingsSearch>;

interface SettingsListProps {
  readonly settings: readonly Setting[];
  readonly startup: readonly StartupVariable[];
  readonly history: readonly SettingChange[];
  readonly search: Search;
  readonly onSearch: (next: SearchChange<Search>) => void;
  readonly draft: ReturnType<typeof useDraft>;
  readonly editable: boolean;
}

const sourceOptions = [
  { value: 'all', label: 'Every source' },
  { value: 'console', label: 'Set in the console' },
  { value: 'environment', label: 'From the environment' },
  { value: 'file', label: 'From the .env file' },
  { value: 'default', label: 'Default' },
] as const;

export function SettingsList(props: SettingsListProps) {
  const { settings, startup, history, search, onSearch, draft, editable } = props;
  const { text, group, source } = search;
  // What is found without the group: the numbers beside the groups.
  const found = useMemo(() => filterSettings(settings, { text, source }), [settings, text, source]);
  const foundStartup = useMemo(() => filterStartup(startup, { text, source }), [startup, text, source]);
  const groups = [
    ...groupSettings(settings).map(([name]) => ({
      name,
      count: found.filter((one) => one.group === name).length,
    })),
    { name: startupGroup, count: foundStartup.length },
  ];
  const shown = filterSettings(found, { group });
  const shownStartup = filterStartup(foundStartup, { group });
  const last = useMemo(() => lastChanges(history), [history]);
  const pick = (next: string | undefined): void => onSearch({ group: next });
  return (
    <div className="flex flex-col gap-4">
      <Toolbar>
        <SearchInput
          label="Search settings"
          value={text ?? ''}
          onChange={(next) => onSearch({ text: next === '' ? undefined : next })}
        />
        <GroupSelect groups={groups} value={group} onChange={pick} />
        <Select
          aria-label="Source"
          className="w-auto min-w-44 max-sm:flex-1"
          value={source ?? 'all'}
          options={sourceOptions}
          onChange={(next) => onSearch({ source: settingSources.find((one) => one === next) })}
        />
        <p className="ml-auto text-sm text-faint" aria-live="polite">
          {shown.length + shownStartup.length} of {settings.length + startup.length}
        </p>
      </Toolbar>
      <div className="grid gap-6 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <GroupNav groups={groups} value={group} onChange={pick} />
        <div className="flex min-w-0 flex-col gap-5">
          {groupSettings(shown).map(([name, rows]) => (
            <Card key={name} title={name} flush>
              <ul aria-label={name} className="divide-y divide-line border-t border-line">
                {rows.map((setting) => (
                  <SettingRow
                    key={setting.name}
                    {...draft.actions}
                    setting={setting}
                    edit={draft.draft[setting.name]}
                    problem={draft.problems[setting.name]}
                    overtaken={draft.overtaken.has(setting.name)}
                    last={last.get(setting.name)}
                    editable={editable}
                  />
                ))}
              </ul>
            </Card>
          ))}
          {shownStartup.length > 0 && <StartupCard variables={shownStartup} />}
          {shown.length + shownStartup.length === 0 && (
            <Card>
              <EmptyState
                icon={SearchX}
                title="No setting fits"
                action={
                  <Button onClick={() => onSearch({ text: undefined, group: undefined, source: undefined })}>
                    Show all settings
                  </Button>
                }
              >
                Try another word, or take a filter away.
              </EmptyState>
            </Card>
          )}
        </div>
      </div>
    </div>
  );
}

function lastChanges(history: readonly SettingChange[]): ReadonlyMap<string, SettingChange> {
  const last = new Map<string, SettingChange>();
  for (const change of history) if (!last.has(change.name)) last.set(change.name, change);
  return last;
}
