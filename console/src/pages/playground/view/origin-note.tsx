import { Link } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import type { Conversation } from '../state/conversation.ts';

interface OriginNoteProps {
  readonly conversation: Conversation;
  /** Undefined: it is one of its own already. */
  readonly onCopy: (() => void) | undefined;
}

/** Where what is shown came from, and how it goes on. */
export function OriginNote({ conversation: { origin, stored }, onCopy }: OriginNoteProps) {
  if (origin === undefined) return null;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line bg-surface px-3 py-2 text-sm text-muted">
      <Info className="size-4 shrink-0 text-faint" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">
        {origin.kind === 'record' ? (
          <>
            Loaded from{' '}
            <Link to="/runs/$id" params={{ id: origin.id }} className="text-accent underline">
              a request
            </Link>
            . Nothing is sent until you say so.
          </>
        ) : (
          <>
            Goes on with{' '}
            <Link to="/conversations/$id" params={{ id: origin.id }} className="text-accent underline">
              a stored conversation
            </Link>
            .
          </>
        )}{' '}
        {stored !== undefined && 'What is said is added to it.'} {origin.note}
      </p>
      {onCopy !== undefined && (
        <Button size="sm" onClick={onCopy}>
          Go on with a copy
        </Button>
      )}
    </div>
  );
}
