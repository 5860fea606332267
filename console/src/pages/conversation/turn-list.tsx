import { MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { PartView } from '../../chat/part-view.tsx';
import { textOfParts } from '../../chat/parts.ts';
import { Said, SystemText } from '../../chat/said.tsx';
import type { ItemTurn } from '../../chat/turns-of-items.ts';
import { formatNumber } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** So many turns are shown at first, the latest; as many more with each click. */
const step = 60;

interface TurnListProps {
  readonly turns: readonly ItemTurn[];
  readonly truncated: boolean;
}

/** Who said what, the earliest first. */
export function TurnList({ turns, truncated }: TurnListProps) {
  const [limit, setLimit] = useState(step);
  const hidden = Math.max(0, turns.length - limit);
  if (turns.length === 0) {
    return (
      <EmptyState icon={MessagesSquare} title="Nothing was said yet">
        The conversation was made, and waits for its first response.
      </EmptyState>
    );
  }
  return (
    <ol aria-label="Conversation" className="mx-auto flex w-full max-w-4xl min-w-0 flex-col gap-6">
      {(truncated || hidden > 0) && (
        <li className="flex flex-col items-center gap-2 text-sm text-faint">
          {truncated && hidden === 0 && <p>Earlier items are not told.</p>}
          {hidden > 0 && (
            <Button size="sm" onClick={() => setLimit(limit + step)}>
              Show {formatNumber(Math.min(step, hidden))} earlier of {formatNumber(hidden)}
            </Button>
          )}
        </li>
      )}
      {turns.slice(hidden).map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an id may come twice in what a client sent.
        <li key={`${turn.id} ${index + hidden}`} className="min-w-0">
          <TurnView turn={turn} />
        </li>
      ))}
    </ol>
  );
}

function TurnView({ turn }: { readonly turn: ItemTurn }) {
  switch (turn.role) {
    case 'system':
      return <SystemText text={turn.text} />;
    case 'user':
      return (
        <section aria-label="User">
          <Said text={turn.text} files={turn.files} />
        </section>
      );
    case 'assistant': {
      const text = textOfParts(turn.parts);
      return (
        <section aria-label="Answer" className="flex min-w-0 flex-col gap-2">
          {turn.parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name.
            <PartView key={index} part={part} />
          ))}
          {text !== '' && (
            <span className="-ml-1.5">
              <CopyButton text={text} label="Copy the answer" />
            </span>
          )}
        </section>
      );
    }
    default:
      return turn satisfies never;
  }
}
