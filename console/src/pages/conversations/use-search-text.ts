import { useEffect, useEffectEvent, useState } from 'react';

const quietMs = 300;

/** What is typed into a search, which is told once the typing pauses. A change from elsewhere is shown. */
export function useSearchText(
  told: string,
  onChange: (text: string) => void,
): readonly [string, (text: string) => void] {
  const [text, setText] = useState(told);
  const tell = useEffectEvent(onChange);
  useEffect(() => setText(told), [told]);
  useEffect(() => {
    if (text.trim() === told) return undefined;
    const timer = setTimeout(() => tell(text.trim()), quietMs);
    return () => clearTimeout(timer);
  }, [text, told]);
  return [text, setText];
}
