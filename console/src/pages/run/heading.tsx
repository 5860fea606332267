import { Link } from '@tanstack/react-router';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TimeText } from '../../ui/values.tsx';

type Subject = ActiveRun | RequestRecord;

/** The model that works, or worked. */
export function RequestHeading({ subject }: { readonly subject: Subject }) {
  return (
    <>
      {('model' in subject ? subject.model : (subject.modelUsed ?? subject.modelAsked)) ?? subject.endpoint}
    </>
  );
}

export function RequestSubtitle({ subject }: { readonly subject: Subject }) {
  const { id, keyId, keyName, profile, endpoint, client, startedAt } = subject;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      <span className="inline-flex items-center gap-0.5 font-mono text-xs">
        {id}
        <CopyButton text={id} label="Copy the request id" className="-my-1.5 pointer-coarse:my-0" />
      </span>
      <TimeText at={startedAt} />
      <span className="font-mono text-xs">{endpoint}</span>
      {keyId === null ? (
        <span>no key</span>
      ) : (
        <Link
          to="/keys/$id"
          params={{ id: keyId }}
          className="flex min-h-[24px] items-center hover:text-accent hover:underline"
        >
          {keyName ?? keyId}
        </Link>
      )}
      {profile !== null && (
        <Link
          to="/profiles/$name"
          params={{ name: profile }}
          className="flex min-h-[24px] items-center hover:text-accent hover:underline"
        >
          profile {profile}
        </Link>
      )}
      {client !== null && <span className="max-w-64 truncate">{client}</span>}
    </span>
  );
}
