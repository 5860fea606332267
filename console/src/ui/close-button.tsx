import { X } from 'lucide-react';
import type { ComponentProps } from 'react';
import { buttonStyle } from './button.tsx';
import { cx } from './cx.ts';

/** Without a tooltip, which would take the first Escape to itself. */
export function CloseButton({ className, ...props }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      aria-label="Close"
      className={cx(buttonStyle({ variant: 'ghost', size: 'sm' }), 'w-7 px-0 pointer-coarse:w-9', className)}
      {...props}
    >
      <X className="size-4" aria-hidden />
    </button>
  );
}
