import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { cx } from '../../../ui/cx.ts';
import { useFieldProps } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';
import type { ModelGroup } from '../state/use-models.ts';

interface ModelSelectProps {
  readonly value: string;
  readonly groups: readonly ModelGroup[];
  readonly onChange: (model: string) => void;
}

const other = '\0other';

/** The browser's own list, in groups, with a way to type a name that is not in it, such as `agent/opus`. */
export function ModelSelect({ value, groups, onChange }: ModelSelectProps) {
  const field = useFieldProps();
  const [typing, setTyping] = useState(false);
  const known = groups.some(({ names }) => names.includes(value));
  return (
    <div className="flex flex-col gap-2">
      <span className="relative inline-flex w-full min-w-0">
        <select
          {...field}
          className={cx(
            'h-8 w-full min-w-0 appearance-none truncate rounded-md border border-line-strong/60 bg-surface pr-8 pl-2.5 text-base hover:border-line-strong aria-invalid:border-danger dark:bg-sunken pointer-coarse:h-10',
          )}
          value={typing ? other : value}
          onChange={(event) => {
            const chosen = event.target.value;
            setTyping(chosen === other);
            if (chosen !== other) onChange(chosen);
          }}
        >
          {!known && value !== '' && <option value={value}>{value}</option>}
          {value === '' && <option value="">Choose one</option>}
          {groups.map(({ label, names }) => (
            <optgroup key={label} label={label}>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
          <option value={other}>Another name…</option>
        </select>
        <ChevronDown
          className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-faint"
          aria-hidden
        />
      </span>
      {typing && (
        <Input
          id={undefined}
          aria-label="Name of the model"
          placeholder="agent/opus"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          defaultValue={value}
          onBlur={(event) => {
            setTyping(false);
            if (event.target.value.trim() !== '') onChange(event.target.value.trim());
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      )}
    </div>
  );
}
