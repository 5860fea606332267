import { Link } from '@tanstack/react-router';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { ShareLife } from '../../../src/contract/index.ts';
import { useApi } from '../api/use-api.ts';
import { useChange } from '../api/use-change.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ShareList } from './share-list.tsx';
import { shareAddress } from './share-token.ts';

interface ShareDialogProps {
  /** Of the request. */
  readonly id: string;
  readonly onClose: () => void;
}

/** The public links to one request: says what others will see, makes one, ends others. */
export function ShareDialog({ id, onClose }: ShareDialogProps) {
  const params = { id };
  const links = useApi('listRecordShareLinks', { params }, { staleTime: 0 });
  const { data } = links;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title="Public links"
      description="Whoever has such a link sees this request without signing in, until the link ends."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {data === undefined ? (
        links.error === null ? (
          <SkeletonRows rows={4} label="Loading the links" />
        ) : (
          <ErrorState error={links.error} onRetry={links.refetch} className="py-4" />
        )
      ) : (
        <div className="flex min-w-0 flex-col gap-5">
          {!data.enabled ? (
            <p className="text-sm text-muted">
              Public links are switched off: none can be made, and none opens.{' '}
              <Link
                to="/settings"
                search={{ text: 'PUBLIC_SHARE_LINKS' }}
                className="text-accent hover:underline"
              >
                Change PUBLIC_SHARE_LINKS
              </Link>
            </p>
          ) : data.reason !== null ? (
            <p className="text-sm text-muted">{data.reason}</p>
          ) : (
            <NewLink id={id} />
          )}
          {data.items.length > 0 && (
            <section className="flex min-w-0 flex-col gap-2">
              <h3 className="text-sm font-medium">Links to this request</h3>
              <ShareList links={data.items} />
            </section>
          )}
        </div>
      )}
    </Dialog>
  );
}

const lives: readonly { readonly value: ShareLife; readonly label: string }[] = [
  { value: '1h', label: '1 hour' },
  { value: '1d', label: '1 day' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
];

function NewLink({ id }: { readonly id: string }) {
  const [life, setLife] = useState<ShareLife>('7d');
  const create = useChange('createShareLink', { invalidates: ['listRecordShareLinks', 'listShareLinks'] });
  const address = create.data === undefined ? undefined : shareAddress(create.data.token);
  return (
    <>
      <div className="grid gap-3 text-sm sm:grid-cols-2">
        <Told icon={Eye} title="They see">
          The messages and the answer, all that the agent did (tools with their inputs and outputs, changes of
          files), the model, how long it took, and tokens.
        </Told>
        <Told icon={EyeOff} title="They do not see">
          System texts, keys and their owners, addresses, headers, costs, error messages, attached files,
          where the workspace lies, and secrets that are known by their form.
        </Told>
      </div>
      <p className="-mt-2 text-xs text-warn">
        What is secret by its meaning alone, such as a name or a figure, is shown. Read the request first.
      </p>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Ends after">
          <Select value={life} options={lives} onChange={setLife} className="w-32" />
        </Field>
        <Button
          variant="primary"
          busy={create.isPending}
          onClick={() => create.mutate({ params: { id }, body: { life } })}
        >
          Make a public link
        </Button>
      </div>
      {address !== undefined && (
        <div className="flex min-w-0 flex-col gap-1.5">
          <div className="flex flex-wrap items-center gap-2">
            <output
              aria-label="Public link"
              className="min-w-0 flex-1 basis-56 rounded-md border border-line-strong/60 bg-sunken px-3 py-1.5 font-mono text-xs break-all select-all"
            >
              {address}
            </output>
            <CopyButton text={address} label="Copy the public link" wide />
          </div>
          <p className="text-xs text-faint">It is shown this once and kept nowhere.</p>
        </div>
      )}
    </>
  );
}

interface ToldProps {
  readonly icon: typeof Eye;
  readonly title: string;
  readonly children: React.ReactNode;
}

function Told({ icon: Icon, title, children }: ToldProps) {
  return (
    <div className="rounded-md bg-sunken px-3 py-2.5">
      <h3 className="flex items-center gap-1.5 font-medium">
        <Icon className="size-4 text-faint" aria-hidden />
        {title}
      </h3>
      <p className="mt-1 text-muted">{children}</p>
    </div>
  );
}
