import { type ReactNode, useEffect, useRef } from 'react';
import { scrollArea } from '../../../layout/scroll-area.ts';
import { playground } from '../state/playground.ts';
import type { PlaygroundState } from '../state/playground-store.ts';
import { AnswerView } from './answer-view.tsx';
import { UserView } from './user-view.tsx';

interface TranscriptProps {
  readonly state: PlaygroundState;
  readonly secret: string | undefined;
  /** Nothing can be asked now. */
  readonly blocked: boolean;
  readonly empty: ReactNode;
}

/** What was said so far. */
export function Transcript({ state, secret, blocked, empty }: TranscriptProps) {
  const { conversation, running } = state;
  const { turns, stored } = conversation;
  useFollow(turns);
  const idle = !running && !blocked;
  // What the server keeps cannot be said otherwise from here.
  const mayChange = idle && stored === undefined;
  return (
    <div
      role="log"
      aria-label="Conversation"
      aria-busy={running}
      className="flex min-w-0 flex-1 flex-col gap-6 pb-6"
    >
      {turns.length === 0 && empty}
      {turns.map((turn, index) => {
        const last = index === turns.length - 1;
        if (turn.role === 'user') {
          return (
            <UserView
              key={turn.id}
              turn={turn}
              onEdit={mayChange ? (text) => void playground.edit(turn.id, text, secret) : undefined}
              onAnswer={idle && last ? () => void playground.answer(secret) : undefined}
            />
          );
        }
        const failed = turn.state === 'failed' || turn.state === 'stopped';
        const asked = index > 0 && turns[index - 1]?.role === 'user';
        return (
          <AnswerView
            key={turn.id}
            turn={turn}
            secret={secret}
            onRegenerate={
              asked && (mayChange || (idle && last && failed))
                ? () => void playground.regenerate(turn.id, secret)
                : undefined
            }
            onReply={
              idle && last
                ? (replies) => void playground.send({ text: '', files: [], replies }, secret)
                : undefined
            }
          />
        );
      })}
    </div>
  );
}

const nearPx = 120;

/** Stays at the end while more comes, unless somebody has scrolled up. */
function useFollow(turns: PlaygroundState['conversation']['turns']): void {
  const following = useRef(true);
  const count = useRef(turns.length);
  useEffect(() => {
    const area = scrollArea();
    if (area === null) return undefined;
    const look = (): void => {
      following.current = area.scrollHeight - area.scrollTop - area.clientHeight < nearPx;
    };
    area.addEventListener('scroll', look, { passive: true });
    return () => area.removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    const area = scrollArea();
    if (area === null || turns.length === 0) return;
    const more = turns.length > count.current;
    count.current = turns.length;
    if (more || following.current) area.scrollTop = area.scrollHeight;
  }, [turns]);
}
