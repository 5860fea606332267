import { type ReactNode, useState } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Segments } from '../../../ui/tabs.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';

interface AllowedFieldProps {
  /** Such as `Models`. */
  readonly label: string;
  /** Null: all of them. */
  readonly value: readonly string[] | null;
  readonly onChange: (value: string[] | null) => void;
  readonly suggestions: readonly string[];
  readonly hint: ReactNode;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
}

const options = [
  { value: 'all', label: 'All' },
  { value: 'some', label: 'Only these' },
] as const;

/** All, or those of a list; an empty list allows none. */
export function AllowedField({
  label,
  value,
  onChange,
  suggestions,
  hint,
  error,
  disabled = false,
}: AllowedFieldProps) {
  // What was chosen comes back after a look at "All".
  const [last, setLast] = useState<readonly string[]>(value ?? []);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-sm font-medium" aria-hidden>
          {label}
        </span>
        {disabled ? (
          <span className="text-sm text-muted">{value === null ? 'All' : 'Only these'}</span>
        ) : (
          <Segments
            label={`${label} allowed`}
            value={value === null ? 'all' : 'some'}
            options={options}
            onChange={(next) => onChange(next === 'all' ? null : [...last])}
          />
        )}
      </div>
      {value !== null && (
        <Field
          label={`${label} that are allowed`}
          hideLabel
          hint={
            value.length === 0 ? <span className="text-warn">The list is empty: none is allowed.</span> : hint
          }
          error={error}
        >
          <TagsInput
            value={value}
            suggestions={suggestions}
            disabled={disabled}
            placeholder="Type and press Enter"
            onChange={(next) => {
              setLast(next);
              onChange([...next]);
            }}
          />
        </Field>
      )}
    </div>
  );
}
