import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

interface CodeFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  /** A recovery code is asked for instead of one of the app. */
  readonly recovery?: boolean;
  /** Absent: only a code of the app will do. */
  readonly onRecoveryChange?: (recovery: boolean) => void;
}

/** A code as it is read from an app or from paper; the server does not mind spaces. */
export function CodeField({
  value,
  onChange,
  error,
  autoFocus = false,
  recovery = false,
  onRecoveryChange,
}: CodeFieldProps) {
  return (
    <div className="flex flex-col items-start gap-1">
      <Field
        key={recovery ? 'recovery' : 'app'}
        label={recovery ? 'Recovery code' : 'Code'}
        hint={
          recovery
            ? 'One of those that you saved; each works once.'
            : 'The six digits that your authenticator app shows.'
        }
        error={error}
        className="w-full"
      >
        <Input
          autoComplete={recovery ? 'off' : 'one-time-code'}
          inputMode={recovery ? 'text' : 'numeric'}
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          required
          className="h-10 font-mono"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      {onRecoveryChange && (
        <Button
          variant="ghost"
          size="sm"
          className="-ml-2"
          onClick={() => {
            onChange('');
            onRecoveryChange(!recovery);
          }}
        >
          {recovery ? 'Use the app instead' : 'Use a recovery code instead'}
        </Button>
      )}
    </div>
  );
}
