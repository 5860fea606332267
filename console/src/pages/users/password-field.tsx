import { RefreshCw } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { suggestPassword } from './suggest-password.ts';

interface PasswordFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}

/** A first password in clear text, since somebody has to be told it. */
export function PasswordField({ value, onChange, error }: PasswordFieldProps) {
  return (
    <div className="flex items-start gap-1">
      <Field
        label="First password"
        hint="At least 8 characters. It has to be changed at the next sign-in."
        error={error}
        required
        className="flex-1"
      >
        <Input
          className="font-mono"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      <span className="flex pt-[1.6rem]">
        <CopyButton text={value} label="Copy the password" className="h-8 pointer-coarse:h-10" />
        <IconButton
          icon={RefreshCw}
          label="Suggest another password"
          onClick={() => onChange(suggestPassword())}
        />
      </span>
    </div>
  );
}

const shortest = 8;

export function passwordProblem(value: string): string | undefined {
  return value.length < shortest ? `Use at least ${shortest} characters.` : undefined;
}
