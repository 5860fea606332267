import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { cx } from './cx.ts';

interface PageProps {
  /** Also the title of the browser's tab. */
  readonly title: string;
  /** Shown instead of the title, such as with a badge. */
  readonly heading?: ReactNode;
  readonly description?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
  /** Where it belongs: a way back. */
  readonly back?: { readonly label: string; readonly link: Pick<LinkProps, 'to' | 'params' | 'search'> };
  /** The whole width; otherwise as wide as is good to read. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** The frame of every page. */
export function Page({ title, heading, description, actions, back, wide = true, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · claudecode-api`;
  }, [title]);
  return (
    <div
      className={cx(
        'mx-auto flex w-full flex-col gap-5 px-4 py-5 sm:px-6 lg:px-8',
        wide ? 'max-w-[1600px]' : 'max-w-4xl',
      )}
    >
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          {back && (
            <Link
              {...back.link}
              className="-ml-1 mb-1 inline-flex items-center gap-0.5 text-sm text-muted hover:text-fg"
            >
              <ChevronLeft className="size-4" aria-hidden />
              {back.label}
            </Link>
          )}
          <h1 className="text-xl font-semibold tracking-tight">{heading ?? title}</h1>
          {description !== undefined && (
            <div className="mt-0.5 max-w-3xl text-sm text-muted">{description}</div>
          )}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Filters above a list. */
export function Toolbar({
  label = 'Filters',
  className,
  children,
}: {
  readonly label?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={label} className={cx('flex flex-wrap items-center gap-2', className)}>
      {children}
    </section>
  );
}
