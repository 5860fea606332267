import { cx } from '../../ui/cx.ts';
import type { LevelName } from './log-row.ts';

const styles: Readonly<Record<LevelName, string>> = {
  trace: 'text-faint',
  debug: 'text-faint',
  info: 'text-accent',
  warn: 'bg-warn-soft text-warn',
  error: 'bg-danger-soft text-danger',
  fatal: 'bg-danger text-danger-fg',
};

export function LogLevel({ level }: { readonly level: LevelName }) {
  return (
    <span
      className={cx(
        'inline-block w-12 shrink-0 rounded-sm px-1 text-center text-2xs leading-5 font-semibold uppercase',
        styles[level],
      )}
    >
      {level}
    </span>
  );
}
