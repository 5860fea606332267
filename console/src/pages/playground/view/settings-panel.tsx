import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { PlaygroundKeyPanel } from '../../../playground-key/playground-key-panel.tsx';
import type { PlaygroundKey } from '../../../playground-key/use-playground-key.ts';
import { cx } from '../../../ui/cx.ts';
import { Field } from '../../../ui/field.tsx';
import { Input, Select, Textarea } from '../../../ui/input.tsx';
import { Segments } from '../../../ui/tabs.tsx';
import { Switch } from '../../../ui/toggle.tsx';
import type { Settings } from '../state/conversation.ts';
import { readSettings } from '../state/read-settings.ts';
import type { useModels } from '../state/use-models.ts';
import { ModelField } from './model-field.tsx';

interface SettingsPanelProps {
  readonly settings: Settings;
  readonly models: ReturnType<typeof useModels>;
  readonly playgroundKey: PlaygroundKey;
  readonly onChange: (settings: Partial<Settings>) => void;
}

const dialects = [
  { value: 'responses', label: 'Responses' },
  { value: 'chat', label: 'Chat Completions' },
] as const;

const efforts = ['', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].map((value) => ({
  value,
  label: value === '' ? 'As the server has it' : value,
}));

/** What goes into every request besides what is said. */
export function SettingsPanel({ settings, models, playgroundKey, onChange }: SettingsPanelProps) {
  const { faults } = readSettings(settings);
  const responses = settings.dialect === 'responses';
  return (
    <div className="flex flex-col gap-4">
      <Segments
        label="API"
        value={settings.dialect}
        options={dialects}
        onChange={(dialect) => onChange({ dialect })}
        className="self-start"
      />
      <ModelField
        value={settings.model}
        groups={models.groups}
        error={models.error}
        fault={faults.model !== undefined && models.groups.length > 0 ? faults.model : undefined}
        onRetry={models.refetch}
        onChange={(model) => onChange({ model })}
      />
      <Field label="System text">
        <Textarea
          rows={3}
          className="field-sizing-content max-h-60"
          placeholder="You are …"
          value={settings.system}
          onChange={(event) => onChange({ system: event.target.value })}
        />
      </Field>
      <Field label="Effort">
        <Select value={settings.effort} options={efforts} onChange={(effort) => onChange({ effort })} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Temperature" error={faults.temperature}>
          <Input
            inputMode="decimal"
            placeholder="0 to 2"
            value={settings.temperature}
            onChange={(event) => onChange({ temperature: event.target.value })}
          />
        </Field>
        <Field label="Max tokens" error={faults.maxTokens}>
          <Input
            inputMode="numeric"
            placeholder="no limit"
            value={settings.maxTokens}
            onChange={(event) => onChange({ maxTokens: event.target.value })}
          />
        </Field>
      </div>
      {responses && (
        <div className="flex flex-col gap-3 border-t border-line pt-4">
          <Field label="The agent’s work" hint="Its tools with input and output." inline>
            <Switch checked={settings.showWork} onChange={(showWork) => onChange({ showWork })} />
          </Field>
          <Field label="Code interpreter" hint="Commands, by the agent profile." inline>
            <Switch
              checked={settings.codeInterpreter}
              onChange={(codeInterpreter) => onChange({ codeInterpreter })}
            />
          </Field>
          <Field label="Web search" inline>
            <Switch checked={settings.webSearch} onChange={(webSearch) => onChange({ webSearch })} />
          </Field>
        </div>
      )}
      <More open={settings.schema !== '' || settings.extra !== ''}>
        <Field label="Answer schema" hint="A JSON schema that the answer has to fit." error={faults.schema}>
          <Textarea
            rows={4}
            spellCheck={false}
            className="font-mono text-xs"
            placeholder='{"type": "object", …}'
            value={settings.schema}
            onChange={(event) => onChange({ schema: event.target.value })}
          />
        </Field>
        <Field
          label="More fields"
          hint="A JSON object; its fields go into the request as they are."
          error={faults.extra}
        >
          <Textarea
            rows={4}
            spellCheck={false}
            className="font-mono text-xs"
            placeholder='{"tools": […]}'
            value={settings.extra}
            onChange={(event) => onChange({ extra: event.target.value })}
          />
        </Field>
      </More>
      {playgroundKey.secret !== undefined && <PlaygroundKeyPanel playgroundKey={playgroundKey} />}
    </div>
  );
}

function More({ open, children }: { readonly open: boolean; readonly children: ReactNode }) {
  const [shown, setShown] = useState(open);
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-3">
      <button
        type="button"
        aria-expanded={shown}
        className="flex min-h-6 items-center gap-1 self-start text-sm text-muted hover:text-fg"
        onClick={() => setShown(!shown)}
      >
        <ChevronRight className={cx('size-4 transition-transform', shown && 'rotate-90')} aria-hidden />
        Schema and more fields
      </button>
      {shown && children}
    </div>
  );
}
