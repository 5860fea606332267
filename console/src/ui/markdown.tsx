import { lazy, Suspense } from 'react';
import { cx } from './cx.ts';

const MarkdownText = lazy(() =>
  import('../code/markdown-text.tsx').then(({ MarkdownText }) => ({ default: MarkdownText })),
);

/** Markdown of others: HTML in it is shown as text, pictures of other sites become links. Plain text until it is loaded. */
export function Markdown({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <div className={cx('markdown min-w-0 text-base', className)}>
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <MarkdownText text={text} />
      </Suspense>
    </div>
  );
}
