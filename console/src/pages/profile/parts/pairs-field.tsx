import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Input } from '../../../ui/input.tsx';
import type { Pair } from '../profile-draft.ts';

interface PairsFieldProps {
  /** Such as `Headers`. */
  readonly label: string;
  /** One of them, such as `header`. */
  readonly noun: string;
  readonly value: readonly Pair[];
  readonly onChange: (value: readonly Pair[]) => void;
  readonly error: string | undefined;
  readonly disabled: boolean;
}

const masked = '***';

/** Names with values that may be secret: what is stored already is masked, and stays as long as nothing is typed. */
export function PairsField({ label, noun, value, onChange, error, disabled }: PairsFieldProps) {
  const change = (id: string, part: Partial<Pair>): void =>
    onChange(value.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      {value.map((pair) => (
        <div key={pair.id} className="flex items-center gap-2">
          <Input
            aria-label={`Name of the ${noun}`}
            placeholder="Name"
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            className="flex-1 font-mono text-sm"
            value={pair.name}
            onChange={(event) => change(pair.id, { name: event.target.value })}
          />
          <Input
            aria-label={`Value of ${pair.name === '' ? `the ${noun}` : pair.name}`}
            placeholder={pair.value === masked ? 'Stored: stays as it is' : 'Value'}
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            className="flex-2 font-mono text-sm"
            value={pair.value === masked ? '' : pair.value}
            onChange={(event) => change(pair.id, { value: event.target.value })}
          />
          {!disabled && (
            <IconButton
              icon={X}
              size="sm"
              label={`Remove the ${noun} ${pair.name}`}
              onClick={() => onChange(value.filter(({ id }) => id !== pair.id))}
            />
          )}
        </div>
      ))}
      {value.length === 0 && disabled && <p className="text-sm text-faint">None.</p>}
      {error !== undefined && (
        <p className="text-xs font-medium text-danger" role="alert">
          {error}
        </p>
      )}
      {!disabled && (
        <Button
          size="sm"
          variant="ghost"
          icon={Plus}
          className="self-start"
          onClick={() =>
            onChange([
              ...value,
              { id: crypto.getRandomValues(new Uint32Array(2)).join('-'), name: '', value: '' },
            ])
          }
        >
          Add {noun}
        </Button>
      )}
    </fieldset>
  );
}
