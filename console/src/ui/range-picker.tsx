import { CalendarRange } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { formatTime } from '../format/format.ts';
import { type RangeText, rangePresets, resolveRange, writeSpan } from '../range/range.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

interface RangePickerProps {
  readonly value: RangeText;
  /** Put it into the URL. */
  readonly onChange: (range: RangeText) => void;
}

export function RangePicker({ value, onChange }: RangePickerProps) {
  const [open, setOpen] = useState(false);
  const choose = (range: RangeText): void => {
    onChange(range);
    setOpen(false);
  };
  const preset = rangePresets.find((one) => one.value === value);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button icon={CalendarRange} className="max-w-full">
          <span className="truncate">{preset?.label ?? describe(value)}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Range of time"
          className="rise-in z-50 flex max-h-(--radix-popover-content-available-height) w-[min(30rem,calc(100vw-1rem))] flex-col gap-3 overflow-y-auto rounded-lg border border-line bg-raised p-3 shadow-float outline-none"
        >
          <div className="grid grid-cols-2 gap-1">
            {rangePresets.map((one) => (
              <Button
                key={one.value}
                variant="ghost"
                aria-pressed={one.value === value}
                className="justify-start aria-pressed:bg-accent-soft aria-pressed:text-accent"
                onClick={() => choose(one.value)}
              >
                {one.label}
              </Button>
            ))}
          </div>
          <CustomRange key={value} value={value} onChange={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function CustomRange({ value, onChange }: RangePickerProps) {
  const span = resolveRange(value, Date.now());
  const [from, setFrom] = useState(toLocal(span.from));
  const [to, setTo] = useState(toLocal(span.to));
  const chosen = { from: new Date(from).getTime(), to: new Date(to).getTime() };
  const right = chosen.from < chosen.to;
  return (
    <form
      className="flex flex-col gap-3 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (right) onChange(writeSpan(chosen));
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="From">
          <Input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="To" error={right ? undefined : 'The end has to come after the beginning.'}>
          <Input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
      </div>
      <Button type="submit" variant="primary" disabled={!right} className="self-end">
        Show this range
      </Button>
    </form>
  );
}

function describe(range: RangeText): string {
  const { from, to } = resolveRange(range, Date.now());
  return `${formatTime(from)} – ${formatTime(to)}`;
}

/** As `datetime-local` wants it, in the time zone of the browser. */
function toLocal(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
