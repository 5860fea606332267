import { builtInTools } from '../../../access/built-in-tools.ts';
import { Field } from '../../../ui/field.tsx';
import { Input, Textarea } from '../../../ui/input.tsx';
import { AllowedField } from '../../keys/form/allowed-field.tsx';
import { emptySubagent, type SubagentDraft } from '../profile-draft.ts';
import { ItemList } from './item-list.tsx';
import type { PartProps } from './part-props.ts';

export function SubagentsPart({ draft, onChange, errorOf, disabled }: PartProps) {
  return (
    <ItemList
      title="Subagents"
      description="Helpers that the agent hands tasks to, by what their descriptions say."
      noun="subagent"
      items={draft.subagents}
      empty={emptySubagent}
      disabled={disabled}
      onChange={(subagents) => onChange({ subagents })}
      render={(subagent, change) => (
        <Subagent subagent={subagent} onChange={change} errorOf={errorOf} disabled={disabled} />
      )}
    />
  );
}

interface SubagentProps extends Pick<PartProps, 'errorOf' | 'disabled'> {
  readonly subagent: SubagentDraft;
  readonly onChange: (part: Partial<SubagentDraft>) => void;
}

function Subagent({ subagent, onChange, errorOf, disabled }: SubagentProps) {
  const path = `subagents.${subagent.name}`;
  const inside = ['description', 'prompt', 'tools', 'model'].map((part) => errorOf(`${path}.${part}`));
  const nameError = inside.every((error) => error === undefined) ? errorOf(path) : undefined;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 pr-8 sm:grid-cols-2">
        <Field label="Name of the subagent" required error={nameError}>
          <Input
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            value={subagent.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
        <Field
          label="Model of the subagent"
          hint="Empty: that of the agent."
          error={errorOf(`${path}.model`)}
        >
          <Input
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            value={subagent.model}
            onChange={(event) => onChange({ model: event.target.value })}
          />
        </Field>
      </div>
      <Field label="When to use it" required error={errorOf(`${path}.description`)}>
        <Input
          autoComplete="off"
          maxLength={2000}
          disabled={disabled}
          value={subagent.description}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
      <Field label="Prompt of the subagent" required error={errorOf(`${path}.prompt`)}>
        <Textarea
          rows={5}
          className="font-mono text-sm"
          spellCheck={false}
          disabled={disabled}
          value={subagent.prompt}
          onChange={(event) => onChange({ prompt: event.target.value })}
        />
      </Field>
      <AllowedField
        label="Tools of the subagent"
        value={subagent.tools}
        suggestions={builtInTools}
        hint="Of those that the agent has."
        disabled={disabled}
        error={errorOf(`${path}.tools`)}
        onChange={(tools) => onChange({ tools })}
      />
    </div>
  );
}
