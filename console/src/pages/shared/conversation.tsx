import { Paperclip } from 'lucide-react';
import type { SharedMessage } from '../../../../src/contract/index.ts';
import { leftOutLength } from '../../agent/left-out.ts';
import { LeftOut } from '../../agent/left-out-note.tsx';
import { Said } from '../../chat/said.tsx';
import { ToolView } from '../../chat/tool-view.tsx';
import { Markdown } from '../../ui/markdown.tsx';

/** What was said, in order. */
export function Conversation({ messages }: { readonly messages: readonly SharedMessage[] }) {
  return (
    <ol className="flex min-w-0 flex-col gap-4">
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change.
        <li key={index} className="min-w-0">
          <Message message={message} id={`message-${index}`} />
        </li>
      ))}
    </ol>
  );
}

function Message({ message, id }: { readonly message: SharedMessage; readonly id: string }) {
  switch (message.role) {
    case 'user': {
      const { text, attachments } = message;
      const leftOut = leftOutLength(text);
      return (
        <Said text={leftOut === undefined ? text : ''} files={[]}>
          {leftOut !== undefined && <LeftOut what="The text" length={leftOut} />}
          {attachments > 0 && (
            <p className="flex items-center gap-1.5 text-xs text-muted">
              <Paperclip className="size-3 shrink-0" aria-hidden />
              {attachments === 1 ? 'One file, not shown' : `${attachments} files, not shown`}
            </p>
          )}
        </Said>
      );
    }
    case 'assistant': {
      const leftOut = leftOutLength(message.text);
      return leftOut === undefined ? (
        <div className="max-w-3xl min-w-0">
          <Markdown text={message.text} />
        </div>
      ) : (
        <LeftOut what="The text" length={leftOut} />
      );
    }
    case 'tool': {
      const { name, input, output } = message;
      const state = output === null ? 'open' : 'done';
      return (
        <div className="max-w-3xl">
          <ToolView
            part={{ kind: 'tool', id, name, server: undefined, input, output: output ?? undefined, state }}
          />
        </div>
      );
    }
    default:
      return message satisfies never;
  }
}
