import type { ProfileEntry } from '../../../../src/contract/index.ts';
import { Badge } from '../../ui/badge.tsx';

/** Where a profile comes from. */
export function OriginBadge({ origin }: { readonly origin: ProfileEntry['origin'] }) {
  switch (origin) {
    case 'default':
      return <Badge>Built in</Badge>;
    case 'changed':
      return <Badge tone="accent">Built in, changed</Badge>;
    case 'own':
      return <Badge>Own</Badge>;
    default:
      return origin satisfies never;
  }
}
