import { useModelSuggestions } from '../../../access/use-suggestions.ts';
import { Card } from '../../../ui/card.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input, Select, Textarea } from '../../../ui/input.tsx';
import type { PartProps } from './part-props.ts';

const efforts = [
  { value: 'unset', label: 'As the server is set' },
  { value: 'none', label: 'None' },
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
  { value: 'xhigh', label: 'Very high' },
  { value: 'max', label: 'Highest' },
] as const;

interface GeneralPartProps extends PartProps {
  /** Of a new one; undefined: it has its name already. */
  readonly name: string | undefined;
  readonly onNameChange: (name: string) => void;
}

export function GeneralPart({ draft, onChange, errorOf, disabled, name, onNameChange }: GeneralPartProps) {
  return (
    <Card title="General" description="What clients see, and which model works.">
      <div className="flex flex-col gap-4">
        {name !== undefined && (
          <Field
            label="Name"
            hint="Clients send it as the model. a-z, 0-9, dot, dash and underscore."
            required
            error={errorOf('name')}
          >
            <Input
              value={name}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="reviewer"
              onChange={(event) => onNameChange(event.target.value)}
            />
          </Field>
        )}
        <Field label="Description" error={errorOf('description')}>
          <Textarea
            rows={2}
            maxLength={2000}
            disabled={disabled}
            value={draft.description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        </Field>
        <div className="grid items-start gap-4 sm:grid-cols-3">
          <ModelField
            label="Model"
            value={draft.model}
            disabled={disabled}
            error={errorOf('model')}
            onChange={(model) => onChange({ model })}
          />
          <ModelField
            label="Small model"
            value={draft.smallModel}
            disabled={disabled}
            error={errorOf('smallModel')}
            onChange={(smallModel) => onChange({ smallModel })}
          />
          <Field label="Effort" hint="How much it thinks." error={errorOf('effort')}>
            <Select
              value={draft.effort ?? 'unset'}
              options={efforts}
              disabled={disabled}
              onChange={(effort) => onChange({ effort: effort === 'unset' ? null : effort })}
            />
          </Field>
        </div>
      </div>
    </Card>
  );
}

interface ModelFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly disabled: boolean;
}

/** A name of a model; the browser offers those that are known. */
function ModelField({ label, value, onChange, error, disabled }: ModelFieldProps) {
  const models = useModelSuggestions();
  const listId = `models-${label.replaceAll(/\W+/g, '-')}`;
  return (
    <Field label={label} hint="Empty: as the server is set." error={error}>
      <Input
        list={listId}
        autoComplete="off"
        spellCheck={false}
        placeholder="as the server is set"
        disabled={disabled}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={listId}>
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  );
}
