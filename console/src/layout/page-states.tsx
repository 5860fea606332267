import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { errorMessage } from '../api/console-error.ts';
import { buttonStyle } from '../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';

export function PageLoading() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-5 px-4 py-5 sm:px-6 lg:px-8">
      <Skeleton className="h-7 w-40" />
      <Skeleton className="h-24 w-full rounded-lg" />
      <Skeleton className="h-64 w-full rounded-lg" />
    </div>
  );
}

/** A page that broke leaves the rest standing. After an update of the server its files may have other names. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const stale = /dynamically imported module|module script/i.test(errorMessage(error));
  return (
    <ErrorState
      className="py-24"
      title={stale ? 'The console was updated' : 'This page has failed'}
      error={stale ? new Error('Load the page anew to get the version that the server has.') : error}
      onRetry={stale ? () => location.reload() : reset}
    />
  );
}

export function NotFound() {
  return (
    <EmptyState
      className="py-24"
      icon={Compass}
      title="There is no such page"
      action={
        <Link to="/" className={buttonStyle()}>
          To the dashboard
        </Link>
      }
    >
      The address may be mistyped, or be of an older version.
    </EmptyState>
  );
}
