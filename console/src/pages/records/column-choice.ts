import { useState } from 'react';

const storageKey = 'console-records-columns';

/** The columns that are shown, kept in this browser. */
export function useColumnChoice(
  known: readonly string[],
  atFirst: readonly string[],
): readonly [ReadonlySet<string>, (id: string, shown: boolean) => void, () => void] {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(read(known) ?? atFirst));
  const keep = (next: ReadonlySet<string>): void => {
    setChosen(next);
    write([...next]);
  };
  const show = (id: string, shown: boolean): void => {
    const next = new Set(chosen);
    if (shown) next.add(id);
    else next.delete(id);
    keep(next);
  };
  const reset = (): void => {
    setChosen(new Set(atFirst));
    write(undefined);
  };
  return [chosen, show, reset];
}

function read(known: readonly string[]): readonly string[] | undefined {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return Array.isArray(ids) ? known.filter((id) => ids.includes(id)) : undefined;
  } catch {
    return undefined;
  }
}

function write(ids: readonly string[] | undefined): void {
  try {
    if (ids === undefined) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify(ids));
  } catch {
    // Storage may be forbidden.
  }
}
