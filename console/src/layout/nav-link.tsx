import { Link } from '@tanstack/react-router';
import type { NavItem } from './nav.ts';
import { NavCount } from './nav-count.tsx';

/** One page in the sidebar or the drawer. */
export function NavLink({ item, onNavigate }: { readonly item: NavItem; readonly onNavigate?: () => void }) {
  const { to, label, icon: Icon } = item;
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      className="group flex h-8 items-center gap-2.5 rounded-md px-2 text-base text-muted transition-colors hover:bg-hover hover:text-fg aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-fg pointer-coarse:h-11"
      {...(onNavigate && { onClick: onNavigate })}
    >
      <Icon className="size-4 shrink-0 text-faint group-aria-[current=page]:text-accent" aria-hidden />
      {label}
      <NavCount to={to} />
    </Link>
  );
}
