import { useEffect, useEffectEvent, useState } from 'react';

/** A text that is typed here and kept elsewhere, such as in the URL, which says a little later what it has. */
export interface TypedText {
  readonly text: string;
  /** What the keeper said last. */
  readonly kept: string;
  /** What it was told since, and has not said yet. */
  readonly told: readonly string[];
}

/** The keeper says something else. What comes back of the typing does not disturb it; any other text takes its place. */
export function withKept({ text, told }: TypedText, kept: string): TypedText {
  const place = told.lastIndexOf(kept);
  return place === -1 ? { text: kept, kept, told: [] } : { text, kept, told: told.slice(place + 1) };
}

/** The keeper is told. What it has already it need not say again. */
export function withTold(before: TypedText, wanted: string): TypedText {
  return { ...before, told: wanted === before.kept ? [] : [...before.told, wanted] };
}

/**
 * What is typed stands at once; `onChange` is told it, without blanks around it, when the typing pauses for `pauseMs`
 * milliseconds.
 */
export function useTypedText(
  kept: string,
  onChange: (text: string) => void,
  pauseMs: number,
): readonly [string, (text: string) => void] {
  const [state, setState] = useState<TypedText>({ text: kept, kept, told: [] });
  if (state.kept !== kept) setState(withKept(state, kept));
  const { text, told } = state;
  const latest = (told.at(-1) ?? kept).trim();
  const tell = useEffectEvent((wanted: string) => {
    setState((before) => withTold(before, wanted));
    onChange(wanted);
  });
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === latest) return undefined;
    const timer = setTimeout(() => tell(wanted), pauseMs);
    return () => clearTimeout(timer);
  }, [text, latest, pauseMs]);
  return [text, (next) => setState((before) => ({ ...before, text: next }))];
}
