import { useState } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import { cx } from '../ui/cx.ts';
import { stripAnsi } from './strip-ansi.ts';

interface TerminalProps {
  readonly command: string;
  /** Undefined: there is none yet. */
  readonly output?: string | undefined;
  readonly failed?: boolean;
}

const most = 24;

/** A command of a shell and what it wrote. */
export function Terminal({ command, output, failed = false }: TerminalProps) {
  const [whole, setWhole] = useState(false);
  const text = output === undefined ? undefined : stripAnsi(output).replace(/\n+$/, '');
  const lines = text?.split('\n') ?? [];
  const hidden = whole ? 0 : Math.max(0, lines.length - most);
  return (
    <div className="relative min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is of forms, and as regions there would be too many landmarks. */}
      <section
        role="group"
        aria-label="Terminal"
        tabIndex={0}
        className="focus-inset max-h-[32rem] overflow-auto rounded-md"
      >
        <pre className="w-full px-3 py-2.5 pr-12 font-mono text-xs leading-5 whitespace-pre-wrap">
          <span className="text-faint select-none">$ </span>
          <span className="font-semibold">{command}</span>
          {text !== undefined && text !== '' && (
            <span className={cx('mt-1 block', failed ? 'text-danger' : 'text-muted')}>
              {hidden > 0 ? lines.slice(0, most).join('\n') : text}
            </span>
          )}
          {text === '' && <span className="mt-1 block text-faint">(no output)</span>}
        </pre>
      </section>
      {hidden > 0 && (
        <button
          type="button"
          className="focus-inset w-full border-t border-line py-1.5 text-xs text-accent hover:bg-hover"
          onClick={() => setWhole(true)}
        >
          Show {hidden} more lines
        </button>
      )}
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={command} label="Copy the command" />
      </div>
    </div>
  );
}
