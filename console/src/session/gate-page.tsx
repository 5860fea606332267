import { type ReactNode, useEffect } from 'react';
import { ThemeMenu } from '../layout/theme-menu.tsx';
import { Wordmark } from '../layout/wordmark.tsx';

interface GatePageProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** What stands before the console: one thing to do, in the middle. */
export function GatePage({ title, description, children }: GatePageProps) {
  useEffect(() => {
    document.title = `${title} · claudecode-api`;
  }, [title]);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-13 items-center justify-between px-4 sm:px-6">
        <Wordmark />
        <ThemeMenu />
      </header>
      <main className="flex flex-1 flex-col items-center px-4 pt-[12dvh] pb-16">
        <div className="w-full max-w-sm">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {description !== undefined && <p className="mt-1 text-base text-muted">{description}</p>}
          <div className="mt-6 rounded-lg border border-line bg-surface p-5 sm:p-6">{children}</div>
        </div>
      </main>
    </div>
  );
}
