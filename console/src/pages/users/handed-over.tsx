import { CopyButton } from '../../ui/copy-button.tsx';

interface HandedOverProps {
  readonly username: string;
  readonly password: string;
}

/** What to give to the user; it is shown this once. */
export function HandedOver({ username, password }: HandedOverProps) {
  const address = `${location.origin}/webui`;
  return (
    <div className="flex flex-col gap-3">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 rounded-md border border-line bg-sunken px-3 py-2.5 text-sm">
        <dt className="text-faint">Address</dt>
        <dd>{address}</dd>
        <dt className="text-faint">Name</dt>
        <dd>{username}</dd>
        <dt className="text-faint">Password</dt>
        <dd className="font-mono select-all">{password}</dd>
      </dl>
      <div>
        <CopyButton wide label="Copy all three" text={`${address}\n${username}\n${password}\n`} />
      </div>
    </div>
  );
}
