import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import type { PlaygroundKey } from './use-playground-key.ts';

/** Asks for a key where one is wanted: one click for admins, or paste one. Shows nothing where none is needed. */
export function PlaygroundKeyPanel({ playgroundKey }: { readonly playgroundKey: PlaygroundKey }) {
  const { secret, required, make, making } = playgroundKey;
  if (secret !== undefined) {
    return (
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <KeyRound className="size-3.5" aria-hidden />
        <span>
          With the key <span className="font-mono">{secret.slice(0, 7)}…</span>, known in this tab only.
        </span>
        <Button size="sm" variant="ghost" onClick={playgroundKey.forget}>
          Use another key
        </Button>
      </p>
    );
  }
  if (required !== true) return null;
  return (
    <section
      aria-label="API key for trying things out"
      className="flex flex-col gap-3 rounded-md border border-line bg-sunken p-4"
    >
      <p className="text-sm text-muted">
        This server answers to those who have an API key.{' '}
        {make === undefined ? 'Paste one to go on.' : 'Make one for this tab, or paste one that you have.'}
      </p>
      {make !== undefined && (
        <Button variant="primary" icon={KeyRound} busy={making} onClick={make} className="self-start">
          Make a key for 8 hours
        </Button>
      )}
      <PasteKey onUse={playgroundKey.use} />
    </section>
  );
}

function PasteKey({ onUse }: { readonly onUse: (secret: string) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') onUse(text);
  };
  return (
    <form onSubmit={submit} className="flex items-start gap-2">
      <Field label="API key" className="flex-1" hint="Kept until this tab is closed or you sign out.">
        <Input
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="sk-…"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" disabled={text.trim() === ''} className="mt-[1.625rem]">
        Use this key
      </Button>
    </form>
  );
}
