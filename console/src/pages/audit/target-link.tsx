import { Link, type LinkProps } from '@tanstack/react-router';
import type { AuditEntry } from '../../../../src/contract/index.ts';

type Target = Pick<LinkProps, 'to' | 'params' | 'search'>;

/** The page of what an action was done to; nothing where it is gone, or has none. */
function targetLink({ action, target }: AuditEntry): Target | undefined {
  if (target === null || action.endsWith('.deleted')) return undefined;
  switch (action.split('.')[0]) {
    case 'key':
      return { to: '/keys/$id', params: { id: target } };
    case 'settings':
      return { to: '/settings', search: { text: target } };
    case 'profile':
      return { to: '/profiles/$name', params: { name: target } };
    case 'run':
    case 'approval':
      return { to: '/runs/$id', params: { id: target } };
    case 'share':
      return { to: '/records/$id', params: { id: target } };
    case 'workspace':
      return { to: '/workspaces/$id', params: { id: target } };
    default:
      return undefined;
  }
}

export function TargetLink({ entry }: { readonly entry: AuditEntry }) {
  const link = targetLink(entry);
  if (link === undefined) return <span className="break-all">{entry.target}</span>;
  return (
    <Link {...link} className="break-all text-accent hover:underline">
      {entry.target}
    </Link>
  );
}
