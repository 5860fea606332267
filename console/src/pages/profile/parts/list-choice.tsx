import { type ReactNode, useState } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Segments } from '../../../ui/tabs.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';

type Choice = 'all' | 'none' | string[];

interface ListChoiceProps {
  readonly label: string;
  readonly value: Choice;
  readonly onChange: (value: Choice) => void;
  readonly suggestions?: readonly string[];
  /** What each way means. */
  readonly hints: { readonly all: ReactNode; readonly none: ReactNode; readonly list: ReactNode };
  readonly listLabel?: string;
  readonly placeholder?: string;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
}

/** All, none, or those of a list. */
export function ListChoice(props: ListChoiceProps) {
  const {
    label,
    value,
    onChange,
    suggestions = [],
    hints,
    listLabel = 'Only these',
    placeholder,
    error,
    disabled = false,
  } = props;
  const kind = typeof value === 'string' ? value : 'list';
  // What was chosen comes back after a look at the others.
  const [last, setLast] = useState<string[]>(typeof value === 'string' ? [] : value);
  const options = [
    { value: 'all', label: 'All' },
    { value: 'none', label: 'None' },
    { value: 'list', label: listLabel },
  ] as const;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-sm font-medium" aria-hidden>
          {label}
        </span>
        {disabled ? (
          <span className="text-sm text-muted">{options.find((one) => one.value === kind)?.label}</span>
        ) : (
          <Segments
            label={label}
            value={kind}
            options={options}
            onChange={(next) => onChange(next === 'list' ? last : next)}
          />
        )}
      </div>
      {typeof value === 'string' ? (
        <p className="text-xs text-faint">{hints[value]}</p>
      ) : (
        <Field label={`${label}: list`} hideLabel hint={hints.list} error={error}>
          <TagsInput
            value={value}
            suggestions={suggestions}
            disabled={disabled}
            placeholder={placeholder ?? 'Type and press Enter'}
            onChange={(next) => {
              setLast([...next]);
              onChange([...next]);
            }}
          />
        </Field>
      )}
      {typeof value === 'string' && error !== undefined && (
        <p className="text-xs font-medium text-danger">{error}</p>
      )}
    </div>
  );
}
