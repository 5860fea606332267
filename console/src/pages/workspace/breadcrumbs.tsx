import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { crumbsOf } from './crumbs.ts';

interface BreadcrumbsProps {
  readonly id: string;
  readonly top: string;
  readonly path: string;
}

/** Where in the workspace one is. */
export function Breadcrumbs({ id, top, path }: BreadcrumbsProps) {
  const crumbs = crumbsOf(path, top);
  return (
    <nav aria-label="Directory" className="min-w-0">
      <ol className="flex min-w-0 flex-wrap items-center gap-x-1 text-sm">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <li key={crumb.path} className="flex min-w-0 items-center gap-1">
              {index > 0 && <ChevronRight className="size-3.5 shrink-0 text-faint" aria-hidden />}
              <Link
                to="/workspaces/$id"
                params={{ id }}
                search={crumb.path === '' ? {} : { path: crumb.path }}
                {...(last && { 'aria-current': 'page' as const })}
                className="inline-flex min-h-6 min-w-0 items-center truncate rounded-sm text-muted hover:text-accent aria-[current=page]:font-medium aria-[current=page]:text-fg"
              >
                {crumb.name}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
