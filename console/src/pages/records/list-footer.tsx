import { SearchX } from 'lucide-react';
import { formatTime } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { LoadMore } from '../../ui/load-more.tsx';

interface ListFooterProps {
  readonly shown: number;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly failed: boolean;
  readonly onLoad: () => unknown;
  /** A search that found little stopped here. */
  readonly searchedTo: number | null;
}

/** Below the rows: more of them, or the word that a search has stopped for now. */
export function ListFooter({ searchedTo, ...more }: ListFooterProps) {
  if (searchedTo === null) return <LoadMore {...more} nouns={['request', 'requests']} />;
  const { shown, loading, failed, onLoad } = more;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-4 py-3 text-sm text-muted"
    >
      <span className="flex min-w-0 items-start gap-2">
        <SearchX className="mt-0.5 size-4 shrink-0 text-faint" aria-hidden />
        <span>
          Searched back to {formatTime(searchedTo)} and found {shown === 0 ? 'nothing' : shown} so far. What
          is older has not been looked at yet.
          {failed && <span role="alert"> The last try to go further back failed.</span>}
        </span>
      </span>
      <Button busy={loading} onClick={() => onLoad()}>
        Search further back
      </Button>
    </div>
  );
}
