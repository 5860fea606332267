import { ArrowRight, Plus, X } from 'lucide-react';
import { useId } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Input } from '../../ui/input.tsx';
import { type MapRow, newMapRow } from './setting-input.ts';

interface MapEditorProps {
  readonly label: string;
  readonly rows: readonly MapRow[];
  readonly onChange: (rows: readonly MapRow[]) => void;
  readonly problem: string | undefined;
}

/** Names, and what each stands for. */
export function MapEditor({ label, rows, onChange, problem }: MapEditorProps) {
  const problemId = useId();
  const change = (id: number, next: Partial<MapRow>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...next } : row)));
  const invalid = problem === undefined ? {} : { 'aria-invalid': true as const };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={problem && problemId}>
      <legend className="sr-only">{label}</legend>
      {rows.map((row, index) => (
        <div key={row.id} className="flex items-center gap-1.5">
          <Input
            {...invalid}
            aria-label={`${label}: name ${index + 1}`}
            placeholder="gpt-4o"
            className="font-mono text-sm"
            value={row.name}
            onChange={(event) => change(row.id, { name: event.target.value })}
          />
          <ArrowRight className="size-3.5 shrink-0 text-faint" aria-hidden />
          <Input
            {...invalid}
            aria-label={`${label}: stands for ${index + 1}`}
            placeholder="sonnet"
            className="font-mono text-sm"
            value={row.value}
            onChange={(event) => change(row.id, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            size="sm"
            label={`Remove ${row.name === '' ? `row ${index + 1}` : row.name}`}
            onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
          />
        </div>
      ))}
      <Button size="sm" icon={Plus} className="self-start" onClick={() => onChange([...rows, newMapRow()])}>
        Add a name
      </Button>
      {problem !== undefined && (
        <p id={problemId} className="text-xs font-medium text-danger">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
