/** pino-roll has no types of its own. */
declare module 'pino-roll' {
  import type { pino } from 'pino';

  export interface RollOptions {
    readonly file: string;
    /** A number with a unit: `20m`. */
    readonly size?: string;
    readonly frequency?: 'daily' | 'hourly' | number;
    readonly dateFormat?: string;
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles?: boolean };
    /** The rest goes to the stream that pino.destination() gives. */
    readonly mode?: number;
    readonly sync?: boolean;
    readonly minLength?: number;
    readonly maxLength?: number;
  }

  export default function roll(options: RollOptions): Promise<ReturnType<typeof pino.destination>>;
}
