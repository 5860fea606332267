import { Link } from '@tanstack/react-router';
import { Play, Square } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PartView } from '../../chat/part-view.tsx';
import { formatDuration, formatNumber } from '../../format/format.ts';
import { PlaygroundKeyPanel } from '../../playground-key/playground-key-panel.tsx';
import { usePlaygroundKey } from '../../playground-key/use-playground-key.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';
import { Textarea } from '../../ui/input.tsx';
import type { Answer } from '../playground/api/answer.ts';
import { type AskEnd, ask } from '../playground/api/ask.ts';
import type { PlaygroundRequest } from '../playground/state/build-request.ts';

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
  const [requestId, setRequestId] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer>();
  const [end, setEnd] = useState<AskEnd & { readonly tookMs: number }>();
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
    setRequestId(null);
    setAnswer(undefined);
    setEnd(undefined);
    const ended = await ask(
      requestOf(name, prompt),
      { secret: playgroundKey.secret, signal: stop.signal },
      { onHead: (head) => setRequestId(head.requestId), onProgress: (read) => setAnswer(read()) },
    );
    setAnswer(ended.answer);
    setEnd({ ...ended, tookMs: performance.now() - startedAt });
    setBusy(false);
    // The key has expired or was revoked meanwhile.
    if (ended.failure?.status === 401) playgroundKey.forget();
  };
  const parts = answer?.parts ?? [];
  const empty = end !== undefined && !end.stopped && end.failure === undefined && parts.length === 0;
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
          {end?.failure?.message}
        </p>
        {(busy || empty || parts.length > 0) && (
          <section
            aria-label="Answer"
            aria-live="polite"
            aria-busy={busy}
            className="flex max-h-[32rem] min-w-0 flex-col gap-2 overflow-y-auto"
          >
            {parts.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts are only added at the end.
              <PartView key={index} part={part} live={busy && index === parts.length - 1} />
            ))}
            {empty && <p className="text-sm text-faint">The answer is empty.</p>}
          </section>
        )}
        {requestId !== null && (
          <p className="flex flex-wrap items-center gap-x-3 text-xs text-faint">
            {end !== undefined && <span>{formatDuration(end.tookMs)}</span>}
            {answer?.tokens !== undefined && (
              <>
                <span>{formatNumber(answer.tokens.input)} tokens in</span>
                <span>{formatNumber(answer.tokens.output)} out</span>
              </>
            )}
            <Link to="/runs/$id" params={{ id: requestId }} className="text-accent hover:underline">
              See the run
            </Link>
          </p>
        )}
      </div>
    </Card>
  );
}

function requestOf(profile: string, prompt: string): PlaygroundRequest {
  return {
    endpoint: '/v1/chat/completions',
    body: {
      model: profile,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: prompt }],
    },
  };
}
