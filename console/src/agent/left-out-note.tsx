import { formatNumber } from '../format/format.ts';

interface LeftOutProps {
  /** Such as `The text`. */
  readonly what: string;
  /** Characters. */
  readonly length?: number | undefined;
}

/** In the place of a text that was not kept: how long it was. What to change, the page says once. */
export function LeftOut({ what, length }: LeftOutProps) {
  return (
    <p className="text-sm leading-6 text-faint italic">
      {what}
      {length !== undefined && `, ${formatNumber(length)} characters,`} was not kept
    </p>
  );
}
