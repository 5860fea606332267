import { Check, Pencil, RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import { Said } from '../../../chat/said.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Textarea } from '../../../ui/input.tsx';
import type { UserTurn } from '../state/conversation.ts';

interface UserViewProps {
  readonly turn: UserTurn;
  /** Undefined: it cannot be changed now. */
  readonly onEdit: ((text: string) => void) | undefined;
  /** For the last message where no answer came. */
  readonly onAnswer: (() => void) | undefined;
}

/** What was said; it can be said otherwise. */
export function UserView({ turn, onEdit, onAnswer }: UserViewProps) {
  const [editing, setEditing] = useState(false);
  if (editing && onEdit !== undefined) {
    return (
      <EditForm
        text={turn.text}
        onCancel={() => setEditing(false)}
        onSend={(text) => {
          setEditing(false);
          onEdit(text);
        }}
      />
    );
  }
  return (
    <section aria-label="You" className="group flex min-w-0 flex-col gap-1">
      <Said text={turn.text} files={turn.files}>
        {turn.replies.map((reply) => (
          <p
            key={reply.kind === 'decision' ? reply.requestId : reply.callId}
            className="flex items-center gap-1.5 text-sm"
          >
            {reply.kind === 'output' || reply.approve ? (
              <Check className="size-3.5 text-ok" aria-hidden />
            ) : (
              <X className="size-3.5 text-danger" aria-hidden />
            )}
            {reply.kind === 'output'
              ? `Output of ${reply.name} given`
              : `${reply.approve ? 'Approved' : 'Denied'}: ${reply.name}`}
          </p>
        ))}
      </Said>
      <div className="flex items-center justify-end gap-1">
        {onAnswer !== undefined && (
          <Button size="sm" icon={RotateCw} onClick={onAnswer}>
            Send again
          </Button>
        )}
        {turn.text !== '' && <CopyButton text={turn.text} label="Copy the message" />}
        {onEdit !== undefined && turn.replies.length === 0 && (
          <IconButton size="sm" icon={Pencil} label="Edit and send again" onClick={() => setEditing(true)} />
        )}
      </div>
    </section>
  );
}

interface EditFormProps {
  readonly text: string;
  readonly onCancel: () => void;
  readonly onSend: (text: string) => void;
}

function EditForm({ text: before, onCancel, onSend }: EditFormProps) {
  const [text, setText] = useState(before);
  return (
    <form
      className="ml-auto flex w-full max-w-[44rem] flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSend(text);
      }}
    >
      <Field label="Your message" hideLabel>
        <Textarea
          autoFocus
          rows={Math.min(12, Math.max(2, text.split('\n').length + 1))}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onCancel();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
              event.currentTarget.form?.requestSubmit();
          }}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={text.trim() === ''}>
          Send
        </Button>
      </div>
      <p className="text-right text-xs text-faint">What came after this message is replaced.</p>
    </form>
  );
}
