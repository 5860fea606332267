import { Link } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../session/use-session.ts';
import { Drawer } from '../ui/drawer.tsx';
import { navGroups, navItemsFor, tabItems } from './nav.ts';
import { NavLink } from './nav-link.tsx';
import { useApprovalCount } from './use-approval-count.ts';

const style =
  'relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-muted aria-[current=page]:font-medium aria-[current=page]:text-accent';

/** The way about on a phone. */
export function TabBar() {
  const [open, setOpen] = useState(false);
  const { isAdmin } = useSession();
  const waiting = useApprovalCount();
  const items = navItemsFor(isAdmin).filter(({ to }) => tabItems.includes(to));
  return (
    <nav
      aria-label="Main pages"
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {items.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className={style}>
          <Icon className="size-5" strokeWidth={1.75} aria-hidden />
          <span className="truncate">{label}</span>
        </Link>
      ))}
      <button type="button" aria-haspopup="dialog" className={style} onClick={() => setOpen(true)}>
        <MenuIcon className="size-5" strokeWidth={1.75} aria-hidden />
        More
        {waiting > 0 && (
          <span className="absolute top-2 left-1/2 ml-2 size-2 rounded-full bg-warn">
            <span className="sr-only">{waiting} approvals waiting</span>
          </span>
        )}
      </button>
      <Drawer open={open} onOpenChange={setOpen} title="All pages">
        <div className="flex flex-col gap-5">
          {navGroups.map((group) => (
            <section key={group.label}>
              <h3 className="px-2 pb-1 text-xs font-medium text-faint">{group.label}</h3>
              {group.items
                .filter((item) => isAdmin || item.adminOnly !== true)
                .map((item) => (
                  <NavLink key={item.to} item={item} onNavigate={() => setOpen(false)} />
                ))}
            </section>
          ))}
        </div>
      </Drawer>
    </nav>
  );
}
