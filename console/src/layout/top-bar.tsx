import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { openPalette } from '../palette/palette-state.ts';
import { LiveIndicator } from './live-indicator.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { UserMenu } from './user-menu.tsx';
import { Wordmark } from './wordmark.tsx';

const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function TopBar() {
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-3 sm:px-5 lg:px-7">
      <Link to="/" className="mr-auto md:hidden">
        <Wordmark />
      </Link>
      <button
        type="button"
        aria-keyshortcuts="Meta+K Control+K"
        className="flex h-8 items-center gap-2 rounded-md border-line text-sm text-faint hover:text-fg max-md:w-10 max-md:justify-center md:w-72 md:border md:bg-surface md:px-2.5 md:hover:border-line-strong pointer-coarse:h-10"
        onClick={() => openPalette('palette')}
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="max-md:sr-only">Search or jump to…</span>
        <kbd className="ml-auto font-sans text-xs max-md:hidden">{onMac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <div className="flex items-center gap-1 md:ml-auto">
        <LiveIndicator />
        <ThemeMenu />
        <UserMenu />
      </div>
    </header>
  );
}
