import { Check, Minus } from 'lucide-react';
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { cx } from './cx.ts';
import { useFieldProps } from './field.tsx';

interface ToggleProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** Where no `Field` is around it. */
  readonly label?: string;
  readonly className?: string;
}

/** Takes effect at once. */
export function Switch({ checked, onChange, disabled = false, label, className }: ToggleProps) {
  return (
    <RadixSwitch.Root
      {...useFieldProps()}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className={cx(
        'relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:cursor-not-allowed disabled:opacity-55',
        className,
      )}
    >
      <RadixSwitch.Thumb className="block size-4 translate-x-[3px] rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-[19px] data-[state=checked]:bg-accent-fg" />
    </RadixSwitch.Root>
  );
}

interface CheckboxProps extends Omit<ToggleProps, 'label' | 'checked'> {
  readonly checked: boolean | 'indeterminate';
  /** Beside it. */
  readonly children?: ReactNode;
  /** Where nothing stands beside it. */
  readonly label?: string;
}

export function Checkbox({ checked, onChange, disabled = false, label, className, children }: CheckboxProps) {
  const ownId = useId();
  const field = useFieldProps();
  const id = field.id ?? ownId;
  const box = (
    <RadixCheckbox.Root
      {...field}
      id={id}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next === true)}
      className={cx(
        'relative flex size-4.5 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface text-accent-fg after:absolute after:-inset-1.5 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:cursor-not-allowed disabled:opacity-55 dark:bg-sunken',
        children === undefined && className,
      )}
    >
      <RadixCheckbox.Indicator>
        {checked === 'indeterminate' ? (
          <Minus className="size-3.5" strokeWidth={3} aria-hidden />
        ) : (
          <Check className="size-3.5" strokeWidth={3} aria-hidden />
        )}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
  if (children === undefined) return box;
  return (
    <span className={cx('flex items-center gap-2', className)}>
      {box}
      <label htmlFor={id} className="text-base">
        {children}
      </label>
    </span>
  );
}
