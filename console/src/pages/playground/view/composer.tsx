import { ArrowUp, Paperclip, Square } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { sessionStore } from '../../../session/current-session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import type { Uploads } from '../state/use-uploads.ts';
import { UploadChips } from './upload-chips.tsx';

interface ComposerProps {
  readonly uploads: Uploads;
  readonly running: boolean;
  /** Why nothing can be sent now; undefined: it can. */
  readonly blocked: string | undefined;
  /** Files are being dragged over the page. */
  readonly dropping: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
  /** Told as it is typed, for what shows the request. */
  readonly onDraft: (text: string) => void;
}

/** What was typed and not sent outlives the page, but not the session of whoever typed it. */
const kept = { draft: '' };
sessionStore.onLeft(() => {
  kept.draft = '';
});

/** Where a message is written. Enter sends, with Shift it begins a line; on touch screens it begins a line. */
export function Composer({ uploads, running, blocked, dropping, onSend, onStop, onDraft }: ComposerProps) {
  const [text, setText] = useState(kept.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was kept.
  useEffect(() => onDraft(text), []);
  const change = (next: string): void => {
    kept.draft = next;
    setText(next);
    onDraft(next);
  };
  const empty = text.trim() === '' && uploads.list.length === 0;
  const waiting = uploads.ready ? undefined : 'Wait for the files, or take away those that failed.';
  const cannot = blocked ?? waiting;
  const send = (): void => {
    if (empty || running || cannot !== undefined) return;
    onSend(text.trim());
    change('');
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey) return;
    const touch = window.matchMedia('(pointer: coarse)').matches;
    if (touch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    uploads.add(files);
  };
  return (
    <form
      aria-label="New message"
      className={cx(
        'flex flex-col gap-2 rounded-lg border bg-surface p-2 shadow-float transition-colors',
        dropping ? 'border-accent bg-accent-soft' : 'border-line-strong/60 focus-within:border-accent',
      )}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <UploadChips uploads={uploads} />
      <textarea
        ref={field}
        aria-label="Message"
        rows={1}
        placeholder={dropping ? 'Drop the files here' : 'Say something…'}
        className="field-sizing-content max-h-64 min-h-10 w-full resize-none bg-transparent px-2 py-1.5 text-base outline-none"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <div className="flex items-center gap-2">
        <IconButton icon={Paperclip} label="Attach files" onClick={() => picker.current?.click()} />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={(event) => {
            uploads.add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <p className="min-w-0 flex-1 truncate text-xs text-faint" aria-live="polite">
          {cannot ?? (
            <span className="max-sm:hidden pointer-coarse:hidden">
              Enter sends, Shift+Enter begins a line
            </span>
          )}
        </p>
        {running ? (
          <Button icon={Square} onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button type="submit" variant="primary" icon={ArrowUp} disabled={empty || cannot !== undefined}>
            Send
          </Button>
        )}
      </div>
    </form>
  );
}
