import { Link } from '@tanstack/react-router';
import { Play, Square } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ConsoleError, errorMessage } from '../../api/console-error.ts';
import { formatDuration, formatNumber } from '../../format/format.ts';
import { PlaygroundKeyPanel } from '../../playground-key/playground-key-panel.tsx';
import { usePlaygroundKey } from '../../playground-key/use-playground-key.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';
import { Textarea } from '../../ui/input.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { askProfile, type TestAnswer } from './ask-profile.ts';

interface TestRunProps {
  /** Undefined: it is not saved yet. */
  readonly name: string | undefined;
  /** What is in the form is not what would be tried. */
  readonly dirty: boolean;
}

/** Asks the profile something, as a client would. */
export function TestRun({ name, dirty }: TestRunProps) {
  const playgroundKey = usePlaygroundKey();
  const [prompt, setPrompt] = useState('Say in one sentence who you are and what you can do.');
  const [answer, setAnswer] = useState<TestAnswer>();
  const [error, setError] = useState<unknown>();
  const [tookMs, setTookMs] = useState<number>();
  const running = useRef<AbortController>(undefined);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name === undefined || busy) return;
    const stop = new AbortController();
    running.current = stop;
    const startedAt = performance.now();
    setBusy(true);
    setAnswer(undefined);
    setError(undefined);
    setTookMs(undefined);
    try {
      await askProfile({
        profile: name,
        prompt,
        secret: playgroundKey.secret,
        signal: stop.signal,
        onProgress: setAnswer,
      });
    } catch (failure) {
      if (!stop.signal.aborted) setError(failure);
      // The key has expired or was revoked meanwhile.
      if (failure instanceof ConsoleError && failure.status === 401) playgroundKey.forget();
    } finally {
      setTookMs(performance.now() - startedAt);
      setBusy(false);
    }
  };
  const requestId =
    answer?.requestId ?? (error instanceof ConsoleError ? error.requestId : undefined) ?? undefined;
  return (
    <Card
      title="Try it"
      description={
        name === undefined
          ? 'Once the profile is saved.'
          : dirty
            ? 'It runs as it is saved, without your latest changes.'
            : 'Runs it as a client would, through the public API. It costs what any request does.'
      }
      className="xl:sticky xl:top-5"
    >
      <form className="flex flex-col gap-3" onSubmit={(event) => void run(event)}>
        <Field label="Prompt to try">
          <Textarea
            rows={3}
            value={prompt}
            disabled={name === undefined}
            onChange={(event) => setPrompt(event.target.value)}
          />
        </Field>
        <div className="flex flex-wrap items-center gap-2">
          {busy ? (
            <Button icon={Square} onClick={() => running.current?.abort()}>
              Stop
            </Button>
          ) : (
            <Button
              type="submit"
              variant="primary"
              icon={Play}
              disabled={name === undefined || !playgroundKey.ready || prompt.trim() === ''}
            >
              Run
            </Button>
          )}
          {busy && <span className="text-sm text-muted">Working…</span>}
        </div>
      </form>
      <div className="mt-3 flex flex-col gap-3">
        {name !== undefined && <PlaygroundKeyPanel playgroundKey={playgroundKey} />}
        <p role="alert" className="text-sm text-danger empty:hidden">
          {error === undefined ? undefined : errorMessage(error)}
        </p>
        {answer !== undefined && (busy || error === undefined || answer.text !== '') && (
          <Answer answer={answer} busy={busy} />
        )}
        {requestId !== undefined && (
          <p className="flex flex-wrap items-center gap-x-3 text-xs text-faint">
            {tookMs !== undefined && <span>{formatDuration(tookMs)}</span>}
            {answer?.inputTokens !== undefined && <span>{formatNumber(answer.inputTokens)} tokens in</span>}
            {answer?.outputTokens !== undefined && <span>{formatNumber(answer.outputTokens)} out</span>}
            <Link to="/runs/$id" params={{ id: requestId }} className="text-accent hover:underline">
              See the run
            </Link>
          </p>
        )}
      </div>
    </Card>
  );
}

function Answer({ answer, busy }: { readonly answer: TestAnswer; readonly busy: boolean }) {
  return (
    <section aria-label="Answer" aria-live="polite" aria-busy={busy} className="flex flex-col gap-2">
      {answer.reasoning !== '' && (
        <details className="text-sm text-muted" open={answer.text === ''}>
          <summary className="text-xs font-medium text-faint">What it did</summary>
          <p className="mt-1 max-h-48 overflow-y-auto text-xs whitespace-pre-wrap">{answer.reasoning}</p>
        </details>
      )}
      {answer.text !== '' && (
        <div className="max-h-[28rem] overflow-y-auto rounded-md bg-sunken px-3 py-2.5">
          <Markdown text={answer.text} />
        </div>
      )}
      {answer.text === '' && !busy && <p className="text-sm text-faint">The answer is empty.</p>}
    </section>
  );
}
