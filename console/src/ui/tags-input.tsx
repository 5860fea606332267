import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { cx } from './cx.ts';
import { useFieldProps } from './field.tsx';

interface TagsInputProps {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  /** What may be chosen; with `free` anything else too. */
  readonly suggestions?: readonly (string | { readonly value: string; readonly label: string })[];
  /** Entries that are not among the suggestions are taken. Default: true. */
  readonly free?: boolean;
  readonly placeholder?: string;
  /** Where no `Field` is around it. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** Several entries: type and press Enter or comma, choose of the list, Backspace takes the last one away. */
export function TagsInput(props: TagsInputProps) {
  const {
    value,
    onChange,
    suggestions = [],
    free = true,
    placeholder,
    label,
    disabled = false,
    className,
  } = props;
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const listId = useId();
  const known = suggestions.map((one) => (typeof one === 'string' ? { value: one, label: one } : one));
  const wanted = text.trim().toLowerCase();
  const offered = known
    .filter((one) => !value.includes(one.value))
    .filter((one) => one.label.toLowerCase().includes(wanted) || one.value.toLowerCase().includes(wanted))
    .slice(0, 50);

  const add = (entry: string): void => {
    const added = entry
      .split(',')
      .map((one) => one.trim())
      .filter(
        (one) => one !== '' && !value.includes(one) && (free || known.some((known) => known.value === one)),
      );
    if (added.length > 0) onChange([...value, ...new Set(added)]);
    setText('');
    setActive(-1);
  };
  const remove = (entry: string): void => onChange(value.filter((one) => one !== entry));

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = offered[active];
    switch (event.key) {
      case 'Enter':
      case ',':
        if (event.key === 'Enter' && text.trim() === '' && chosen === undefined) return;
        event.preventDefault();
        add(chosen?.value ?? (free ? text : (offered[0]?.value ?? '')));
        return;
      case 'Backspace':
        if (text === '' && value.length > 0) onChange(value.slice(0, -1));
        return;
      case 'ArrowDown':
        event.preventDefault();
        setOpen(true);
        setActive(active + 1 < offered.length ? active + 1 : 0);
        return;
      case 'ArrowUp':
        event.preventDefault();
        setOpen(true);
        setActive(active > 0 ? active - 1 : offered.length - 1);
        return;
      case 'Escape':
        if (!open) return;
        event.stopPropagation();
        setOpen(false);
        return;
      default:
    }
  };

  const shown = open && offered.length > 0;
  return (
    <div className={cx('relative', className)}>
      <div
        className={cx(
          'flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line-strong/60 bg-surface px-1 py-0.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:border-line-strong dark:bg-sunken pointer-coarse:min-h-10',
          disabled && 'bg-sunken opacity-70',
        )}
      >
        {value.map((entry) => (
          <span
            key={entry}
            className="flex max-w-full items-center rounded-sm bg-accent-soft pl-2 text-sm text-fg"
          >
            <span className="truncate">{known.find((one) => one.value === entry)?.label ?? entry}</span>
            <button
              type="button"
              disabled={disabled}
              aria-label={`Remove ${entry}`}
              className="flex size-6 items-center justify-center rounded-sm text-muted hover:text-fg"
              onClick={() => remove(entry)}
            >
              <X className="size-3.5" aria-hidden />
            </button>
          </span>
        ))}
        <input
          {...useFieldProps()}
          role="combobox"
          aria-label={label}
          aria-expanded={shown}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
          autoComplete="off"
          disabled={disabled}
          value={text}
          placeholder={value.length === 0 ? placeholder : undefined}
          className="h-7 min-w-24 flex-1 bg-transparent px-1.5 text-base outline-none"
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            if (free) add(text);
            else setText('');
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={label ?? 'Suggestions'}
        hidden={!shown}
        className="absolute z-50 mt-1 max-h-64 w-full overflow-auto rounded-md border border-line bg-raised p-1 shadow-float"
      >
        {offered.map((one, index) => (
          // The input keeps the focus and has the keys.
          <div
            key={one.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            className="cursor-pointer rounded-sm px-2 py-1.5 text-sm aria-selected:bg-accent-soft hover:bg-hover"
            onPointerDown={(event) => {
              event.preventDefault();
              add(one.value);
            }}
          >
            {one.label}
            {one.label !== one.value && <span className="ml-2 text-xs text-faint">{one.value}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
