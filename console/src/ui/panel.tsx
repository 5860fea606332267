import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { CloseButton } from './close-button.tsx';
import { cx } from './cx.ts';
import { useFocusReturn } from './use-focus-return.ts';

export interface PanelProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons, right to left by weight: put the main one last. */
  readonly footer?: ReactNode;
  /** False: neither Escape nor a click beside it closes it. */
  readonly dismissible?: boolean;
  readonly children?: ReactNode;
}

interface PlacedPanelProps extends PanelProps {
  /** Classes: where it lies, and how it comes in. */
  readonly place: string;
  readonly header: string;
}

/** What lies over the page and keeps the focus until it is closed; what had it before has it then again. */
export function Panel(props: PlacedPanelProps) {
  const {
    open,
    onOpenChange,
    title,
    description,
    footer,
    dismissible = true,
    children,
    place,
    header,
  } = props;
  const focusReturn = useFocusReturn();
  const keep = (event: Event): void => {
    if (!dismissible) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-50 bg-backdrop" />
        <Radix.Content
          {...focusReturn}
          onEscapeKeyDown={keep}
          onInteractOutside={keep}
          {...(description === undefined && { 'aria-describedby': undefined })}
          className={cx(
            'fixed z-50 flex w-full flex-col border-line bg-surface shadow-float outline-none',
            place,
          )}
        >
          <header className={cx('pr-14', header)}>
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description !== undefined && (
              <Radix.Description asChild>
                <div className="mt-1 text-sm text-muted">{description}</div>
              </Radix.Description>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
          {/* Last, so that what comes first in it gets the focus. */}
          {dismissible && (
            <Radix.Close asChild>
              <CloseButton className="absolute top-3 right-3.5" />
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
