import { Smartphone } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { TwoFactorSetup } from '../../../../src/contract/index.ts';
import { errorMessage, fieldError } from '../../api/console-error.ts';
import type { useChange } from '../../api/use-change.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { CodeField } from './code-field.tsx';
import { QrCode } from './qr-code.tsx';

interface ConfirmSetupProps {
  readonly setup: TwoFactorSetup;
  readonly turnOn: ReturnType<typeof useChange<'turnOnTwoFactor'>>;
  /** It has to begin anew. */
  readonly onOver: (reason: string) => void;
}

/** Shows the secret to the app, and takes its first code. */
export function ConfirmSetup({ setup: { setup, secret, uri }, turnOn, onOver }: ConfirmSetupProps) {
  const [code, setCode] = useState('');
  const over = fieldError(turnOn.error, 'setup');
  useEffect(() => {
    if (over !== undefined) onOver(over);
  }, [over, onOver]);
  const atField = fieldError(turnOn.error, 'code');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    turnOn.mutate({ body: { setup, code } });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <p className="text-sm text-muted">Scan this with your app, or give it the secret.</p>
      <div className="flex justify-center">
        <QrCode text={uri} label="QR code for your app; the secret below is the same as text" />
      </div>
      <div className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">Secret</span>
        <div className="flex items-start gap-1">
          <code className="min-w-0 flex-1 rounded-md border border-line bg-sunken px-2.5 py-1.5 text-sm break-all select-all">
            {secret}
          </code>
          <CopyButton text={secret} label="Copy the secret" />
        </div>
      </div>
      <a href={uri} className={buttonStyle({ size: 'sm' })}>
        <Smartphone className="size-3.5" aria-hidden />
        Open in an app on this device
      </a>
      <CodeField value={code} onChange={setCode} error={atField} autoFocus />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {turnOn.error !== null && atField === undefined && over === undefined
          ? errorMessage(turnOn.error)
          : undefined}
      </p>
      <Button type="submit" variant="primary" size="lg" busy={turnOn.isPending}>
        Turn on
      </Button>
    </form>
  );
}
