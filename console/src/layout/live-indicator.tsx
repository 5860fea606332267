import { live, useLiveState } from '../live/live.ts';
import { cx } from '../ui/cx.ts';
import { Tooltip } from '../ui/tooltip.tsx';

const texts = {
  live: { short: 'Live', long: 'Connected: figures and lists move by themselves.' },
  connecting: { short: 'Connecting', long: 'Connecting to the server…' },
  offline: { short: 'Offline', long: 'No live connection. It is tried again; click to try now.' },
} as const;

/** Whether what is shown moves by itself. */
export function LiveIndicator() {
  const state = useLiveState();
  const { short, long } = texts[state];
  return (
    <Tooltip text={long} side="bottom">
      <button
        type="button"
        className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-muted hover:bg-hover pointer-coarse:h-10"
        onClick={() => live.hurry()}
      >
        <span
          aria-hidden
          className={cx(
            'size-2 rounded-full',
            state === 'live' && 'bg-ok',
            state === 'connecting' && 'animate-pulse bg-warn',
            state === 'offline' && 'bg-danger',
          )}
        />
        <span className="max-lg:sr-only">{short}</span>
      </button>
    </Tooltip>
  );
}
