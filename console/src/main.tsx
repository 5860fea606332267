import './styles.css';
import './code/code.css';
import './code/markdown.css';
import 'sonner/dist/styles.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { ConsoleError } from './api/console-error.ts';
import { router } from './routes.tsx';
import { findSession, sessionStore } from './session/current-session.ts';
import { SessionGate } from './session/session-gate.tsx';
import { shareTokenOf } from './share/share-token.ts';
import { useTheme } from './theme/theme.ts';
import { TooltipProvider } from './ui/tooltip.tsx';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && isWorthRetrying(error),
    },
  },
});

// What one user was shown is not for the next one, nor what their pages keep in this tab.
sessionStore.onLeft(() => {
  client.clear();
  try {
    sessionStorage.clear();
  } catch {
    // Storage may be forbidden; then nothing is kept.
  }
});

/** A refusal stays one. */
function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ConsoleError) || error.status === 0 || error.status >= 500;
}

/** A public link is for those who have no session: the page behind it stands apart from the console. */
const shareToken = shareTokenOf(location.pathname);
const SharedPage = lazy(() =>
  import('./pages/shared/page.tsx').then(({ SharedPage }) => ({ default: SharedPage })),
);

function App() {
  const theme = useTheme();
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider delayDuration={350}>
        {shareToken === undefined ? (
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        ) : (
          <Suspense>
            <SharedPage token={shareToken} />
          </Suspense>
        )}
        <Toaster theme={theme} position="bottom-right" closeButton gap={8} mobileOffset={{ bottom: 72 }} />
      </TooltipProvider>
    </QueryClientProvider>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
if (shareToken === undefined) void findSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
