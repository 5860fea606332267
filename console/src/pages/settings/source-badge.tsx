import { FileText, Lock, PencilLine } from 'lucide-react';
import type { Setting } from '../../../../src/contract/index.ts';
import { Badge } from '../../ui/badge.tsx';

/** Where a value comes from. */
export function SourceBadge({ source }: { readonly source: Setting['source'] }) {
  switch (source) {
    case 'default':
      return <Badge>Default</Badge>;
    case 'console':
      return (
        <Badge tone="accent" icon={PencilLine}>
          Console
        </Badge>
      );
    case 'environment':
      return <Badge icon={Lock}>Environment</Badge>;
    case 'file':
      return <Badge icon={FileText}>.env file</Badge>;
    default:
      return source satisfies never;
  }
}
