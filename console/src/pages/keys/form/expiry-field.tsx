import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';

interface ExpiryFieldProps {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
}

const day = 86_400_000;
const presets = [
  { label: '8 hours', length: day / 3 },
  { label: '7 days', length: 7 * day },
  { label: '30 days', length: 30 * day },
  { label: '90 days', length: 90 * day },
  { label: '1 year', length: 365 * day },
] as const;

/** A day and a time, or never; with a few lengths at hand. */
export function ExpiryField({ value, onChange, error, disabled = false }: ExpiryFieldProps) {
  return (
    <div className="flex flex-col gap-2">
      <Field label="Expires" hint="Empty: never. In the time zone of this browser." error={error}>
        <Input
          type="datetime-local"
          value={value === null ? '' : toLocal(value)}
          disabled={disabled}
          className="sm:max-w-60"
          onChange={(event) => {
            const at = new Date(event.target.value).getTime();
            onChange(Number.isNaN(at) ? null : at);
          }}
        />
      </Field>
      {!disabled && (
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">Expires after</legend>
          <Button
            size="sm"
            variant="ghost"
            aria-pressed={value === null}
            className={pressed}
            onClick={() => onChange(null)}
          >
            Never
          </Button>
          {presets.map(({ label, length }) => (
            <Button
              key={label}
              size="sm"
              variant="ghost"
              className={pressed}
              onClick={() => onChange(inWholeMinutes(length))}
            >
              {label}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}

const pressed =
  'border-line aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:text-accent';

function inWholeMinutes(length: number): number {
  return Math.ceil((Date.now() + length) / 60_000) * 60_000;
}

/** As `datetime-local` wants it. */
function toLocal(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
