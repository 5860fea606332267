import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';

/** For what looks like a button but is a link: `<Link className={buttonStyle({ variant: 'primary' })}>`. */
export const buttonStyle = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-accent-fg hover:bg-accent-hover',
        secondary: 'border-line bg-surface text-fg hover:border-line-strong hover:bg-hover dark:bg-raised',
        ghost: 'border-transparent text-muted hover:bg-hover hover:text-fg',
        danger: 'border-transparent bg-danger text-danger-fg hover:bg-danger-hover',
        dangerQuiet:
          'border-line bg-surface text-danger hover:border-danger hover:bg-danger-soft dark:bg-raised',
      },
      size: {
        sm: 'h-7 px-2 text-xs pointer-coarse:h-9',
        md: 'h-8 px-3 text-sm pointer-coarse:h-10',
        lg: 'h-10 px-4 text-base',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonStyle> {
  /** Before the text. */
  readonly icon?: LucideIcon;
  /** Shows that it works, and takes no further click. */
  readonly busy?: boolean;
}

export function Button({
  variant,
  size,
  icon: Icon,
  busy = false,
  className,
  children,
  disabled,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(buttonStyle({ variant, size }), className)}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      {...props}
    >
      {busy ? (
        <LoaderCircle className="size-4 animate-spin" aria-hidden />
      ) : (
        Icon && <Icon className="size-4" aria-hidden />
      )}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  readonly icon: LucideIcon;
  /** Its name, for screen readers and as a tooltip. */
  readonly label: string;
  readonly variant?: VariantProps<typeof buttonStyle>['variant'];
  readonly size?: 'sm' | 'md';
  /** Such as a number in its corner. */
  readonly badge?: ReactNode;
}

export function IconButton({
  icon: Icon,
  label,
  variant = 'ghost',
  size = 'md',
  badge,
  className,
  ...props
}: IconButtonProps) {
  const square = size === 'sm' ? 'w-7 px-0 pointer-coarse:w-9' : 'w-8 px-0 pointer-coarse:w-10';
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={cx(buttonStyle({ variant, size }), square, 'relative', className)}
        {...props}
      >
        <Icon className="size-4" aria-hidden />
        {badge}
      </button>
    </Tooltip>
  );
}
