import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button, IconButton } from './button.tsx';

interface CopyButtonProps {
  readonly text: string | (() => string);
  /** What is copied: `Copy the request id`. */
  readonly label: string;
  /** With the label beside the icon. */
  readonly wide?: boolean;
  readonly className?: string;
}

export function CopyButton({ text, label, wide = false, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(typeof text === 'string' ? text : text()))) {
      toast.error('The browser does not let this page copy. Select the text and copy it by hand.');
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const icon = copied ? Check : Copy;
  const props = { icon, onClick: () => void copy(), ...(className !== undefined && { className }) };
  return (
    <>
      {wide ? (
        <Button size="sm" {...props}>
          {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton size="sm" label={copied ? 'Copied' : label} {...props} />
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}

/** False where neither way works. The clipboard API is for https and localhost only. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  // Within a dialog, which keeps the focus to itself.
  (document.activeElement?.closest('[role=dialog]') ?? document.body).append(area);
  const before = document.activeElement;
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
