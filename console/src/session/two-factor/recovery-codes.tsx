import { Download } from 'lucide-react';
import { saveText } from '../../api/download.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

interface RecoveryCodesProps {
  readonly username: string;
  readonly codes: readonly string[];
  /** What the button says that goes on. */
  readonly action: string;
  readonly onDone: () => void;
}

/** They are shown this once. */
export function RecoveryCodes({ username, codes, action, onDone }: RecoveryCodesProps) {
  const text = `Recovery codes of ${username} at ${location.origin}/webui\nEach works once.\n\n${codes.join('\n')}\n`;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        With one of these you sign in when your app is lost. Keep them where you keep passwords: they are not
        shown again.
      </p>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-1 gap-x-4 gap-y-1 rounded-md border border-line bg-sunken px-3 py-2.5 font-mono text-sm select-all min-[400px]:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton wide label="Copy the codes" text={text} />
        <Button size="sm" icon={Download} onClick={() => saveText(`recovery-codes-${username}.txt`, text)}>
          Download
        </Button>
      </div>
      <Button variant="primary" size="lg" onClick={onDone}>
        {action}
      </Button>
    </div>
  );
}
