import { lazy, Suspense } from 'react';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import type { SetUpTwoFactor } from './set-up-two-factor.tsx';

const Loaded = lazy(() =>
  import('./set-up-two-factor.tsx').then(
    (module) => ({ default: module.SetUpTwoFactor }),
    () => ({ default: NotLoaded }),
  ),
);

/** The set-up, loaded when somebody needs it: few do, and once. */
export function LazySetUp(props: Parameters<typeof SetUpTwoFactor>[0]) {
  return (
    <Suspense fallback={<SkeletonRows rows={4} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

function NotLoaded() {
  return (
    <ErrorState
      title="This could not be loaded"
      error={new Error('The server was away, or has another version by now. Load the page anew.')}
      onRetry={() => location.reload()}
      className="px-0 py-4"
    />
  );
}
