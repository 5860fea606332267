import { X } from 'lucide-react';
import { useApi } from '../../api/use-api.ts';
import { formatDuration, formatMoney } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import type { RecordsSearch } from './search.ts';

interface ChipsProps {
  readonly search: RecordsSearch;
  readonly onChange: (change: Partial<Record<keyof RecordsSearch, undefined | readonly string[]>>) => void;
  readonly onClear: () => void;
}

interface Chip {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly remove: () => void;
}

/** The filters that hold, each with a way to drop it. The range has its own place. */
export function Chips({ search, onChange, onClear }: ChipsProps) {
  const { data: keys } = useApi('listKeys', {}, { enabled: search.key !== undefined, staleTime: 60_000 });
  const keyName = (id: string): string => keys?.items.find((key) => key.id === id)?.name ?? id;
  const single = (field: keyof RecordsSearch, name: string, value: string | undefined): Chip[] =>
    value === undefined ? [] : [{ id: field, name, value, remove: () => onChange({ [field]: undefined }) }];
  const several = (
    field: 'endpoint' | 'key' | 'model' | 'profile',
    name: string,
    show = (value: string): string => value,
  ): Chip[] => {
    const values = search[field] ?? [];
    return values.map((value) => {
      const left = values.filter((one) => one !== value);
      const remove = (): void => onChange({ [field]: left.length === 0 ? undefined : left });
      return { id: `${field}-${value}`, name, value: show(value), remove };
    });
  };
  const { status, conversation, minDurationMs, minCostUsd, text } = search;
  const chips = [
    ...single('text', 'Text', text),
    ...single(
      'status',
      'Status',
      status === 'ok' ? 'succeeded' : status === 'error' ? 'failed' : status?.toString(),
    ),
    ...several('model', 'Model'),
    ...several('key', 'Key', keyName),
    ...several('endpoint', 'Endpoint'),
    ...several('profile', 'Profile'),
    ...single('conversation', 'Conversation', conversation),
    ...single(
      'minDurationMs',
      'Took at least',
      minDurationMs === undefined ? undefined : formatDuration(minDurationMs),
    ),
    ...single('minCostUsd', 'Cost at least', minCostUsd === undefined ? undefined : formatMoney(minCostUsd)),
  ];
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters that hold" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {chips.map((chip) => (
        <li key={chip.id} className="flex max-w-full items-center rounded-md bg-accent-soft pl-2 text-sm">
          <span className="min-w-0 truncate">
            <span className="text-muted">{chip.name}</span> {chip.value}
          </span>
          <button
            type="button"
            aria-label={`Remove the filter ${chip.name} ${chip.value}`}
            className="flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:text-fg pointer-coarse:size-10"
            onClick={chip.remove}
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <Button size="sm" variant="ghost" onClick={onClear}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}
