import { createContext, type ReactNode, useContext, useId } from 'react';
import { cx } from './cx.ts';

interface FieldContext {
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly required: boolean;
}

const Context = createContext<FieldContext | undefined>(undefined);

/** What ties a control to the label, hint and error of the `Field` around it. The kit's own controls do this by themselves. */
export function useFieldProps(): {
  readonly id?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-required'?: true;
} {
  const field = useContext(Context);
  if (field === undefined) return {};
  return {
    id: field.id,
    ...(field.describedBy !== undefined && { 'aria-describedby': field.describedBy }),
    ...(field.invalid && { 'aria-invalid': true }),
    ...(field.required && { 'aria-required': true }),
  };
}

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** Undefined: nothing is wrong. */
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
  /** Label and control beside each other, such as for a switch. */
  readonly inline?: boolean;
  readonly className?: string;
  /** One control of the kit. */
  readonly children: ReactNode;
}

export function Field(props: FieldProps) {
  const {
    label,
    hint,
    error,
    required = false,
    hideLabel = false,
    inline = false,
    className,
    children,
  } = props;
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const errorId = error === undefined ? undefined : `${id}-error`;
  const describedBy = [errorId, hintId].filter((one) => one !== undefined).join(' ');
  const context: FieldContext = {
    id,
    labelId: `${id}-label`,
    describedBy: describedBy === '' ? undefined : describedBy,
    invalid: error !== undefined,
    required,
  };
  const notes = (
    <>
      {hint !== undefined && (
        <p id={hintId} className="text-xs text-faint">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={errorId} className="text-xs font-medium text-danger">
          {error}
        </p>
      )}
    </>
  );
  const name = (
    <label
      id={context.labelId}
      htmlFor={id}
      className={cx('text-sm font-medium text-fg', hideLabel && 'sr-only')}
    >
      {label}
      {required && (
        <span className="text-danger" aria-hidden>
          {' '}
          *
        </span>
      )}
    </label>
  );
  return (
    <Context value={context}>
      {inline ? (
        <div className={cx('flex items-start justify-between gap-4', className)}>
          <div className="flex min-w-0 flex-col gap-0.5">
            {name}
            {notes}
          </div>
          {children}
        </div>
      ) : (
        <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
          {name}
          {children}
          {notes}
        </div>
      )}
    </Context>
  );
}
