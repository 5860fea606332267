import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { useSession } from '../../session/use-session.ts';
import { buttonStyle, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Segments } from '../../ui/tabs.tsx';
import { clientSnippets, type SnippetName } from './client-snippets.ts';

const storageKey = 'console-first-steps';

/** For whoever is here for the first time; goes away for good with a click. */
export function FirstSteps() {
  const { isAdmin } = useSession();
  const [hidden, setHidden] = useState(wasHidden);
  if (hidden || !isAdmin) return null;
  return (
    <Card
      title="Get started"
      description="Three steps to your first answer."
      actions={
        <IconButton
          icon={X}
          label="Do not show this again"
          size="sm"
          onClick={() => {
            hide();
            setHidden(true);
          }}
        />
      }
    >
      <div className="grid gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Steps />
        <Snippets />
      </div>
    </Card>
  );
}

function Steps() {
  const health = useApi('getHealth', {}, { staleTime: 60_000 });
  const keys = useApi('listKeys', {}, { staleTime: 30_000 });
  const records = useApi('listRecords', { query: { limit: 12 } }, { staleTime: 0 });
  const failed = health.data?.checks.filter(({ status }) => status === 'failed') ?? [];
  const hasKey = (keys.data?.items.length ?? 0) > 0;
  const answered = records.data?.items.some(({ status }) => status < 400) === true;
  return (
    <ol className="flex flex-col gap-4">
      <Step
        state={health.data === undefined ? 'open' : failed.length === 0 ? 'done' : 'wrong'}
        title={
          health.data === undefined ? 'Is Claude Code ready?' : (failed[0]?.message ?? 'Claude Code is ready')
        }
        action={<StepLink to="/health">See all checks</StepLink>}
      >
        {failed[0]?.hint ??
          'Credentials, database and directories are looked at each time the server is asked for its health.'}
      </Step>
      <Step
        state={hasKey ? 'done' : 'open'}
        title="Make an API key"
        action={
          <Link
            to="/keys"
            search={{ create: true }}
            className={buttonStyle({ size: 'sm', variant: hasKey ? 'secondary' : 'primary' })}
          >
            New key
          </Link>
        }
      >
        One for each person or program: limits, budgets and records are kept by key.
      </Step>
      <Step
        state={answered ? 'done' : 'open'}
        title="Send a first request"
        action={<StepLink to="/playground">Open the playground</StepLink>}
      >
        In the playground, or from a client with the lines beside.
      </Step>
    </ol>
  );
}

function StepLink({
  to,
  children,
}: {
  readonly to: '/health' | '/playground';
  readonly children: ReactNode;
}) {
  return (
    <Link to={to} className={buttonStyle({ size: 'sm' })}>
      {children}
    </Link>
  );
}

interface StepProps {
  readonly state: 'done' | 'open' | 'wrong';
  readonly title: string;
  readonly action: ReactNode;
  readonly children: ReactNode;
}

const marks = {
  done: { icon: CircleCheck, style: 'text-ok', text: 'Done' },
  open: { icon: CircleDashed, style: 'text-faint', text: 'To do' },
  wrong: { icon: TriangleAlert, style: 'text-danger', text: 'Needs you' },
} as const;

function Step({ state, title, action, children }: StepProps) {
  const { icon: Mark, style, text } = marks[state];
  return (
    <li className="flex gap-3">
      <Mark className={`mt-0.5 size-4.5 shrink-0 ${style}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="text-base font-medium">
          {title}
          <span className="sr-only"> ({text})</span>
        </p>
        <p className="mb-2 text-sm text-muted">{children}</p>
        {action}
      </div>
    </li>
  );
}

function Snippets() {
  const [name, setName] = useState<SnippetName>('python');
  const snippets = clientSnippets(location.origin);
  const snippet = snippets.find(({ value }) => value === name) ?? snippets[0];
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="overflow-x-auto">
        <Segments label="Client" value={name} options={snippets} onChange={setName} />
      </div>
      <CodeBlock code={snippet.code} label={`the lines for ${snippet.label}`} />
    </div>
  );
}

function wasHidden(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'hidden';
  } catch {
    return false;
  }
}

function hide(): void {
  try {
    localStorage.setItem(storageKey, 'hidden');
  } catch {
    // Storage may be forbidden; then it is hidden until the page is loaded anew.
  }
}
