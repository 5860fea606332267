import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

interface PasswordInputProps {
  readonly username: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}

/** The password again, before something of weight; with the name for password managers. */
export function PasswordInput({ username, value, onChange, error }: PasswordInputProps) {
  return (
    <>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field label="Your password" error={error}>
        <Input
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          className="h-10"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
    </>
  );
}
