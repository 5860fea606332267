import { useEffect, useState } from 'react';
import type { CodeLanguage, CodeToken } from '../code/highlight.ts';
import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';

export type { CodeLanguage };

interface CodeBlockProps {
  readonly code: string;
  readonly language?: CodeLanguage;
  /** What it is, for screen readers and the button that copies it. */
  readonly label: string;
  /** Long lines go on below instead of beyond the edge. */
  readonly wrap?: boolean;
  /** Without the frame, such as within a card. */
  readonly bare?: boolean;
  readonly className?: string;
}

const longest = 200_000;

/** Code with colours once they are loaded; what has more than 200 kB stays without. */
export function CodeBlock({
  code,
  language = 'text',
  label,
  wrap = false,
  bare = false,
  className,
}: CodeBlockProps) {
  const lines = useHighlight(code, language);
  return (
    <div
      className={cx('group relative min-w-0', !bare && 'rounded-md border border-line bg-sunken', className)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is of forms, and as regions there would be too many landmarks. */}
      <section
        role="group"
        aria-label={label}
        tabIndex={0}
        className="focus-inset max-h-[32rem] overflow-auto rounded-md"
      >
        <pre
          className={cx(
            'w-fit min-w-full px-3 py-2.5 pr-12 font-mono text-xs leading-5',
            wrap && 'w-full whitespace-pre-wrap',
          )}
        >
          <code>{lines === undefined ? code : <Lines lines={lines} />}</code>
        </pre>
      </section>
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly (readonly CodeToken[])[] }) {
  return lines.map((line, number) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its number.
    <span key={number}>
      {line.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        <span key={index} className={token.className}>
          {token.text}
        </span>
      ))}
      {number < lines.length - 1 && '\n'}
    </span>
  ));
}

/** Undefined as long as there are no colours. */
function useHighlight(code: string, language: CodeLanguage): readonly (readonly CodeToken[])[] | undefined {
  const [known, setKnown] = useState<{ code: string; lines: readonly (readonly CodeToken[])[] }>();
  useEffect(() => {
    if (language === 'text' || code.length > longest) return undefined;
    let wanted = true;
    import('../code/highlight.ts')
      .then(({ highlight }) => highlight(code, language))
      .then((lines) => {
        if (wanted) setKnown({ code, lines });
      })
      // Without colours it can be read all the same.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return known?.code === code ? known.lines : undefined;
}
