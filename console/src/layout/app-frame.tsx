import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { usePalette } from '../palette/palette-state.ts';
import { useShortcuts } from '../palette/use-shortcuts.ts';
import { useSession } from '../session/use-session.ts';
import { navGroups } from './nav.ts';
import { NavLink } from './nav-link.tsx';
import { scrollAreaId } from './scroll-area.ts';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useApprovalNotices } from './use-approval-notices.ts';
import { Wordmark } from './wordmark.tsx';

const Palette = lazy(() => import('../palette/palette.tsx').then(({ Palette }) => ({ default: Palette })));
const ShortcutsHelp = lazy(() =>
  import('../palette/shortcuts-help.tsx').then(({ ShortcutsHelp }) => ({ default: ShortcutsHelp })),
);

/** Sidebar, bar and the page. */
export function AppFrame() {
  const { isAdmin } = useSession();
  const palette = usePalette();
  const [loaded, setLoaded] = useState(false);
  useShortcuts();
  useFocusOnNavigation();
  useApprovalNotices();
  if (palette.shown !== undefined && !loaded) setLoaded(true);

  return (
    <div className="flex h-dvh min-w-0 overflow-hidden">
      <a
        href={`#${scrollAreaId}`}
        className="sr-only z-60 rounded-md bg-accent px-3 py-2 text-accent-fg focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(scrollAreaId)?.focus();
        }}
      >
        Skip to the page
      </a>
      <nav
        aria-label="Pages"
        className="hidden w-56 shrink-0 flex-col overflow-y-auto border-r border-line px-3 pb-4 md:flex"
      >
        <Link to="/" className="sticky top-0 z-10 -mx-3 flex h-13 shrink-0 items-center bg-bg px-5">
          <Wordmark />
        </Link>
        {navGroups.map((group) => (
          <div key={group.label} className="pt-4 first-of-type:pt-2">
            <h2 className="px-2 pb-1 text-xs font-medium text-faint">{group.label}</h2>
            <ul className="flex flex-col gap-px">
              {group.items
                .filter((item) => isAdmin || item.adminOnly !== true)
                .map((item) => (
                  <li key={item.to}>
                    <NavLink item={item} />
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar />
        <main
          id={scrollAreaId}
          tabIndex={-1}
          className="focus-inset relative min-h-0 flex-1 overflow-y-auto overscroll-contain"
        >
          <Outlet />
        </main>
        <TabBar />
      </div>
      <Suspense fallback={null}>
        {loaded && <Palette />}
        {loaded && <ShortcutsHelp />}
      </Suspense>
    </div>
  );
}

/** Whoever reads by keys or by ear begins a new page at its beginning. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const area = document.getElementById(scrollAreaId);
    area?.scrollTo({ top: 0 });
    area?.focus({ preventScroll: true });
  }, [path]);
}
