import { ChevronDown, Search, X } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { useFieldProps } from './field.tsx';
import { useTypedText } from './use-typed-text.ts';

const box =
  'w-full min-w-0 rounded-md border border-line-strong/60 bg-surface text-base text-fg transition-colors hover:border-line-strong aria-invalid:border-danger disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint dark:bg-sunken';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input {...useFieldProps()} className={cx(box, 'h-8 px-2.5 pointer-coarse:h-10', className)} {...props} />
  );
}

export function Textarea({ className, rows = 4, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useFieldProps()}
      rows={rows}
      className={cx(box, 'resize-y px-2.5 py-1.5', className)}
      {...props}
    />
  );
}

interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

interface SelectProps<Value extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
}

/** The browser's own, which works best with keys, fingers and screen readers. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  className,
  ...props
}: SelectProps<Value>) {
  return (
    <span className={cx('relative inline-flex w-full min-w-0', className)}>
      <select
        {...useFieldProps()}
        className={cx(box, 'h-8 appearance-none truncate pr-8 pl-2.5 pointer-coarse:h-10')}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        {...props}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-faint"
        aria-hidden
      />
    </span>
  );
}

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What it searches, for screen readers. */
  readonly label: string;
  /** Milliseconds that the typing has to pause for before it is told, where the server searches. Default: 0. */
  readonly pauseMs?: number;
}

/** `/` puts the cursor here. The value may come back late, as it does from the URL: what is typed stands at once. */
export function SearchInput({ value, onChange, label, pauseMs = 0, className, ...props }: SearchInputProps) {
  const [text, setText] = useTypedText(value, onChange, pauseMs);
  return (
    <span className={cx('relative inline-flex w-full min-w-0 sm:w-64', className)}>
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint"
        aria-hidden
      />
      <input
        type="search"
        data-page-search
        aria-label={label}
        placeholder={label}
        className={cx(box, 'h-8 px-8 pointer-coarse:h-10 [&::-webkit-search-cancel-button]:hidden')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        {...props}
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Clear the search"
          className="absolute top-1/2 right-1 flex size-6 -translate-y-1/2 items-center justify-center rounded-sm text-faint hover:text-fg"
          onClick={() => setText('')}
        >
          <X className="size-4" aria-hidden />
        </button>
      )}
    </span>
  );
}
