import { Check, Copy, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CodeBlock, type CodeLanguage } from '../../ui/code-block.tsx';
import { copyText } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { LeaveGuard } from '../../ui/save-bar.tsx';
import { Segments } from '../../ui/tabs.tsx';
import { Checkbox } from '../../ui/toggle.tsx';
import { clientSnippets, type SnippetName } from '../dashboard/client-snippets.ts';
import type { IssuedKey } from './issued-key.ts';

interface SecretDialogProps {
  readonly issued: IssuedKey;
  readonly onDone: () => void;
}

const languages: Readonly<Record<SnippetName, CodeLanguage>> = {
  python: 'python',
  javascript: 'javascript',
  curl: 'bash',
  'open-webui': 'bash',
};

/** The one time that a secret is shown. Lives until somebody says that they have it. */
export function SecretDialog({ issued, onDone }: SecretDialogProps) {
  const [stored, setStored] = useState(false);
  const [copied, setCopied] = useState<boolean>();
  const copy = async (): Promise<void> => {
    const done = await copyText(issued.secret);
    setCopied(done);
    if (done) setStored(true);
  };
  return (
    <>
      <Dialog
        open
        onOpenChange={() => {}}
        dismissible={false}
        size="lg"
        title={`The key “${issued.key.name}”`}
        description={
          <span className="inline-flex items-start gap-1.5">
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
            It is shown this once and kept nowhere. Copy it now; if it gets lost, rotate the key.
          </span>
        }
        footer={
          <>
            <Checkbox checked={stored} onChange={setStored} className="mr-auto">
              I have stored the key
            </Checkbox>
            <Button variant="primary" disabled={!stored} onClick={onDone}>
              Done
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-5">
          <div className="flex flex-wrap gap-2">
            <output
              aria-label="Secret of the key"
              className="min-w-0 flex-1 basis-64 rounded-md border border-line-strong/60 bg-sunken px-3 py-1.5 font-mono text-sm break-all select-all"
            >
              {issued.secret}
            </output>
            <Button variant="primary" icon={copied === true ? Check : Copy} onClick={() => void copy()}>
              {copied === true ? 'Copied' : 'Copy key'}
            </Button>
          </div>
          <p role="status" className="-mt-3 text-sm text-danger empty:hidden">
            {copied === false
              ? 'The browser does not let this page copy: select the key and copy it by hand.'
              : undefined}
          </p>
          <Snippets issued={issued} />
        </div>
      </Dialog>
      <LeaveGuard
        when={!stored}
        title="Leave without the key?"
        description="It is not shown again. Without it you would have to rotate the key."
      />
    </>
  );
}

function Snippets({ issued: { key, secret } }: { readonly issued: IssuedKey }) {
  const [client, setClient] = useState<SnippetName>('curl');
  const snippets = clientSnippets(location.origin);
  const chosen = snippets.find(({ value }) => value === client) ?? snippets[0];
  // Of a list with patterns only a whole name can be asked for.
  const model = key.permissions.models?.find((name) => !name.endsWith('*'));
  const code = chosen.code
    .replaceAll('YOUR_KEY', secret)
    .replaceAll(/(["'])sonnet\1/g, (text, quote: string) =>
      model === undefined ? text : `${quote}${model}${quote}`,
    );
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-medium">Use it</h3>
        <Segments
          label="Client"
          value={client}
          options={snippets}
          onChange={setClient}
          className="max-w-full overflow-x-auto"
        />
      </div>
      <CodeBlock code={code} language={languages[chosen.value]} label={`${chosen.label} example`} />
    </div>
  );
}
