import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';
import type { ModelGroup } from '../state/use-models.ts';
import { ModelSelect } from './model-select.tsx';

interface ModelFieldProps {
  readonly value: string;
  readonly groups: readonly ModelGroup[];
  readonly error: Error | null;
  readonly fault: string | undefined;
  readonly onRetry: () => unknown;
  readonly onChange: (model: string) => void;
}

/** The model or profile: from the list, or any name where the list could not be had. */
export function ModelField({ value, groups, error, fault, onRetry, onChange }: ModelFieldProps) {
  if (groups.length > 0) {
    return (
      <Field label="Model or profile" error={fault}>
        <ModelSelect value={value} groups={groups} onChange={onChange} />
      </Field>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Model or profile"
        error={fault}
        hint={error === null ? undefined : `The list could not be loaded: ${error.message}`}
      >
        <Input value={value} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
      </Field>
      {error !== null && (
        <Button size="sm" className="self-start" onClick={() => void onRetry()}>
          Load the list again
        </Button>
      )}
    </div>
  );
}
