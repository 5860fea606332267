import { Link } from '@tanstack/react-router';
import type { ConversationEntry } from '../../../../src/contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TimeText } from '../../ui/values.tsx';

/** Whose it is, and when it was. */
export function ConversationFacts({ conversation }: { readonly conversation: ConversationEntry }) {
  const { id, kind, keyId, keyName, model, createdAt, updatedAt } = conversation;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      <span className="inline-flex min-w-0 items-center">
        <span className="truncate font-mono text-xs">{id}</span>
        <CopyButton text={id} label="Copy the id" />
      </span>
      <span>{kind === 'conversation' ? 'conversation' : 'chain of responses'}</span>
      <span>
        {keyId === null ? (
          'no key'
        ) : (
          <Link to="/keys/$id" params={{ id: keyId }} className="text-accent hover:underline">
            {keyName ?? keyId}
          </Link>
        )}
      </span>
      {model !== null && <span>{model}</span>}
      <span>
        begun <TimeText at={createdAt} />, changed <TimeText at={updatedAt} />
      </span>
    </span>
  );
}
