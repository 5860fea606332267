import { CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConsoleError, errorMessage } from '../api/console-error.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

/** Holds the place of what is still loading; give it the size of what will be there. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cx('h-4 animate-pulse rounded-sm bg-line', className)} />;
}

/** Several lines, told to screen readers as one. */
export function SkeletonRows({
  rows = 6,
  label = 'Loading',
}: {
  readonly rows?: number;
  readonly label?: string;
}) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key, index) => (
        <Skeleton key={key} className={index % 3 === 2 ? 'w-1/2' : index % 3 === 1 ? 'w-4/5' : 'w-full'} />
      ))}
    </div>
  );
}

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title: ReactNode;
  /** What to do about it. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}

export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cx('flex flex-col items-center justify-center gap-1 px-6 py-12 text-center', className)}>
      {Icon && <Icon className="mb-2 size-6 text-faint" strokeWidth={1.5} aria-hidden />}
      <p className="text-base font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-sm text-muted">{children}</div>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

interface ErrorStateProps {
  readonly error: unknown;
  readonly onRetry?: () => unknown;
  /** What could not be done. */
  readonly title?: string;
  readonly className?: string;
}

export function ErrorState({
  error,
  onRetry,
  title = 'This could not be loaded',
  className,
}: ErrorStateProps) {
  const requestId = error instanceof ConsoleError ? error.requestId : null;
  return (
    <div
      role="alert"
      className={cx('flex flex-col items-center justify-center gap-1 px-6 py-10 text-center', className)}
    >
      <CircleAlert className="mb-2 size-6 text-danger" strokeWidth={1.5} aria-hidden />
      <p className="text-base font-medium">{title}</p>
      <p className="max-w-md text-sm text-muted">{errorMessage(error)}</p>
      {requestId !== null && <p className="font-mono text-xs text-faint">{requestId}</p>}
      {onRetry && (
        <Button className="mt-3" onClick={() => void onRetry()}>
          Try again
        </Button>
      )}
    </div>
  );
}
