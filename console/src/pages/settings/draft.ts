import type { Setting, SettingValue } from '../../../../src/contract/index.ts';
import { readInput, type SettingInput, sameValue, toInput } from './setting-input.ts';

/** One setting that is being edited. */
export interface Edit {
  /** The value when the editing began: where it differs now, somebody else changed it meanwhile. */
  readonly base: SettingValue;
  readonly input: SettingInput;
  /** The default is to come back, whatever stands in `input`. */
  readonly reset: boolean;
}

/** What is not saved yet, by the names of settings. */
export type Draft = Readonly<Record<string, Edit>>;

export interface PlannedChange {
  readonly setting: Setting;
  /** As it is sent: null brings back the default. */
  readonly value: SettingValue;
}

/** With another input for a setting; an input that says what holds already is no edit. */
export function withInput(draft: Draft, setting: Setting, input: SettingInput): Draft {
  const read = readInput(setting, input);
  if ('value' in read && sameValue(read.value, setting.value)) return without(draft, setting.name);
  return { ...draft, [setting.name]: { base: baseOf(draft, setting), input, reset: false } };
}

/** With a value that the setting is to have again; null: the default. */
export function withValue(draft: Draft, setting: Setting, value: SettingValue): Draft {
  if (value !== null) return withInput(draft, setting, toInput(setting.kind, value));
  if (setting.source !== 'console') return without(draft, setting.name);
  const input = toInput(setting.kind, setting.default);
  return { ...draft, [setting.name]: { base: baseOf(draft, setting), input, reset: true } };
}

export function without<Value>(
  all: Readonly<Record<string, Value>>,
  name: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
}

/** What the draft would change, and what is wrong with it, by name. Settings fixed meanwhile are left out. */
export function planChanges(
  settings: readonly Setting[],
  draft: Draft,
): { readonly changes: readonly PlannedChange[]; readonly problems: Readonly<Record<string, string>> } {
  const changes: PlannedChange[] = [];
  const problems: Record<string, string> = {};
  for (const setting of settings) {
    const edit = draft[setting.name];
    if (edit === undefined) continue;
    const read = edit.reset ? { value: null } : readInput(setting, edit.input);
    if ('problem' in read) problems[setting.name] = read.problem;
    else changes.push({ setting, value: read.value });
  }
  return { changes, problems };
}

/** The names of edited settings that somebody else has changed since. */
export function overtaken(settings: readonly Setting[], draft: Draft): ReadonlySet<string> {
  return new Set(
    settings
      .filter(({ name, value }) => {
        const edit = draft[name];
        return edit !== undefined && !sameValue(edit.base, value);
      })
      .map(({ name }) => name),
  );
}

/** The server's words, each to its setting: a line is `NAME: what is wrong`. Others belong to `param`. */
export function problemsOf(message: string, param: string | null): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const line of message.split('\n')) {
    const [, name = param, text = line] = /^([A-Z][A-Z0-9_]+): (.*)$/.exec(line) ?? [];
    if (name === null || text.trim() === '') continue;
    const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
    problems[name] = problems[name] === undefined ? sentence : `${problems[name]} ${sentence}`;
  }
  return problems;
}

function baseOf(draft: Draft, { name, value }: Setting): SettingValue {
  const edit = draft[name];
  return edit === undefined ? value : edit.base;
}
