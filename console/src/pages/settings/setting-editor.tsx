import { useId } from 'react';
import type { Setting } from '../../../../src/contract/index.ts';
import { useModelSuggestions } from '../../access/use-suggestions.ts';
import { Field, useFieldProps } from '../../ui/field.tsx';
import { Input, Select } from '../../ui/input.tsx';
import { TagsInput } from '../../ui/tags-input.tsx';
import { Switch } from '../../ui/toggle.tsx';
import { MapEditor } from './map-editor.tsx';
import { isRows, isTexts, type SettingInput } from './setting-input.ts';
import { settingTitle } from './setting-title.ts';
import { inLargerUnits } from './value-text.ts';

interface SettingEditorProps {
  readonly setting: Setting;
  readonly input: SettingInput;
  readonly onChange: (input: SettingInput) => void;
  /** What is wrong with it. */
  readonly problem: string | undefined;
}

/** The control that suits the kind of a setting. */
export function SettingEditor({ setting, input, onChange, problem }: SettingEditorProps) {
  const { kind } = setting;
  const label = settingTitle(setting.name);
  const field = { label, hideLabel: true, ...(problem !== undefined && { error: problem }) };
  switch (kind.type) {
    case 'flag':
      return (
        <Field {...field}>
          <span className="flex h-8 items-center gap-2.5">
            <Switch checked={input === true} onChange={onChange} />
            <span className="text-sm text-muted" aria-hidden>
              {input === true ? 'On' : 'Off'}
            </span>
          </span>
        </Field>
      );
    case 'integer': {
      const text = typeof input === 'string' ? input : '';
      const larger = /^\d+$/.test(text) ? inLargerUnits(Number(text), kind.unit) : undefined;
      const range = `${kind.min.toLocaleString('en-US')} to ${kind.max.toLocaleString('en-US')}`;
      return (
        <Field {...field} hint={larger === undefined ? range : `${range} · now ${larger}`}>
          <span className="flex items-center gap-2">
            <Input
              inputMode="numeric"
              autoComplete="off"
              className="max-w-36 text-right"
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
            {kind.unit !== null && <span className="text-sm text-muted">{kind.unit}</span>}
          </span>
        </Field>
      );
    }
    case 'choice':
      return (
        <Field {...field}>
          <Select
            className="max-w-64"
            value={typeof input === 'string' ? input : ''}
            options={kind.options.map((value) => ({ value, label: value }))}
            onChange={onChange}
          />
        </Field>
      );
    case 'text':
      return (
        <Field {...field}>
          <TextEditor
            input={typeof input === 'string' ? input : ''}
            onChange={onChange}
            models={setting.group === 'Models'}
          />
        </Field>
      );
    case 'origins':
      return (
        <Field {...field} hint="* for all, or origins such as https://chat.example.com">
          <TagsInput
            value={isTexts(input) ? input : []}
            onChange={onChange}
            suggestions={['*']}
            placeholder="https://…"
          />
        </Field>
      );
    case 'map':
      return (
        <MapEditor label={label} rows={isRows(input) ? input : []} onChange={onChange} problem={problem} />
      );
    default:
      return kind satisfies never;
  }
}

interface TextEditorProps {
  readonly input: string;
  readonly onChange: (input: string) => void;
  /** Names of models are offered. */
  readonly models: boolean;
}

function TextEditor({ input, onChange, models }: TextEditorProps) {
  const listId = useId();
  const field = useFieldProps();
  return (
    <>
      <Input
        {...field}
        autoComplete="off"
        spellCheck={false}
        placeholder="Not set"
        className="max-w-64 font-mono text-sm"
        value={input}
        onChange={(event) => onChange(event.target.value)}
        {...(models && { list: listId })}
      />
      {models && <ModelList id={listId} />}
    </>
  );
}

function ModelList({ id }: { readonly id: string }) {
  const models = useModelSuggestions();
  return (
    <datalist id={id}>
      {models.map((model) => (
        <option key={model} value={model} />
      ))}
    </datalist>
  );
}
