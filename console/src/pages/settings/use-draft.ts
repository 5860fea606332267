import { useState } from 'react';
import { toast } from 'sonner';
import type { Setting } from '../../../../src/contract/index.ts';
import { ConsoleError } from '../../api/console-error.ts';
import { useChannel } from '../../live/live.ts';
import { type Draft, overtaken, planChanges, problemsOf, withInput, without, withValue } from './draft.ts';
import type { RowActions } from './setting-row.tsx';
import { settingTitle } from './setting-title.ts';

type Problems = Readonly<Record<string, string>>;

const nothing: Draft = {};
const noProblems: Problems = {};

/** What is edited and not saved yet, what is wrong with it, and what others changed meanwhile. */
export function useDraft(settings: readonly Setting[], onChanged: () => void) {
  const [draft, setDraft] = useState<Draft>(nothing);
  const [checked, setChecked] = useState(false);
  const [refused, setRefused] = useState<Problems>(noProblems);
  const [saving, setSaving] = useState(false);
  const plan = planChanges(settings, draft);
  const theirs = saving ? new Set<string>() : overtaken(settings, draft);

  useChannel(
    'config',
    (event) => {
      if (event.type !== 'config_updated') return;
      const hit = event.data.names.filter((name) => draft[name] !== undefined);
      if (hit.length > 0 && !saving) {
        toast.warning(`${hit.map(settingTitle).join(', ')} changed while you are editing`, {
          id: 'settings-overtaken',
        });
      }
      onChanged();
    },
    onChanged,
  );

  const change = (name: string, next: Draft): void => {
    setDraft(next);
    setRefused(without(refused, name));
  };
  const actions: RowActions = {
    onInput: (setting, input) => change(setting.name, withInput(draft, setting, input)),
    onValue: (setting, value) => change(setting.name, withValue(draft, setting, value)),
    onDiscard: (name) => change(name, without(draft, name)),
  };
  const clear = (): void => {
    setDraft(nothing);
    setChecked(false);
    setRefused(noProblems);
    setSaving(false);
  };
  return {
    draft,
    count: Object.keys(draft).length,
    changes: plan.changes,
    /** While they type, numbers are not found fault with before a first attempt to save. */
    problems: { ...(checked ? plan.problems : {}), ...refused },
    overtaken: theirs,
    actions,
    clear,
    /** True: all of it can be sent. */
    review: (): boolean => {
      const fine = Object.keys(plan.problems).length === 0;
      setChecked(true);
      setRefused(noProblems);
      return fine;
    },
    /** From here to `clear` or `refuse` what changes is our own doing. */
    startSaving: () => setSaving(true),
    /** True where the refusal says which settings are at fault. */
    refuse: (error: unknown): boolean => {
      const found = error instanceof ConsoleError ? problemsOf(error.message, error.param) : noProblems;
      setRefused(found);
      setSaving(false);
      return Object.keys(found).length > 0;
    },
  };
}
