import type { Answer } from '../../api/call-types.ts';

export type LogLine = Answer<'getLogTail'>['lines'][number];

export const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LevelName = (typeof levelNames)[number];

/** A line as it is shown. */
export interface LogRow {
  /** Goes up with each line; never used twice. */
  readonly id: number;
  readonly line: LogLine;
  /** Milliseconds since 1970; null where the line says none. */
  readonly time: number | null;
  readonly level: LevelName;
  readonly message: string;
  /** Of a run; what the console itself asks for is none. */
  readonly requestId: string | null;
  /** What else it says, in short. */
  readonly fields: string;
  /** The whole of it, as it is copied and compared. */
  readonly json: string;
  /** What it is searched by. */
  readonly words: string;
  /** Lines that the server had no time to send. */
  readonly leftOut: number;
}

const plain: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'msg', 'requestId', 'hostname']);
const longestFields = 300;

export function toLogRow(line: LogLine, id: number): LogRow {
  const { time, msg, requestId, leftOut } = line;
  const json = JSON.stringify(line);
  return {
    id,
    line,
    time: typeof time === 'number' ? time : null,
    level: levelOf(line['level']),
    message: typeof msg === 'string' ? msg : errorOf(line),
    requestId: typeof requestId === 'string' && isOfRun(line) ? requestId : null,
    fields: fieldsOf(line),
    json,
    words: json.toLowerCase(),
    leftOut: typeof leftOut === 'number' ? leftOut : 0,
  };
}

export function fitsFilter(row: LogRow, from: LevelName | undefined, text: string | undefined): boolean {
  if (from !== undefined && levelNames.indexOf(row.level) < levelNames.indexOf(from)) return false;
  return text === undefined || row.words.includes(text.toLowerCase());
}

/** Pino's numbers: 10 is trace, 60 fatal. */
function levelOf(value: unknown): LevelName {
  if (typeof value === 'string') return levelNames.find((name) => name === value.toLowerCase()) ?? 'info';
  if (typeof value !== 'number') return 'info';
  const index = Math.floor(value / 10) - 1;
  return levelNames[Math.max(0, Math.min(levelNames.length - 1, index))] ?? 'info';
}

function isOfRun({ path }: LogLine): boolean {
  return typeof path !== 'string' || path.startsWith('/v1/');
}

function errorOf({ err }: LogLine): string {
  return typeof err === 'object' && err !== null && 'message' in err ? String(err['message']) : '';
}

function fieldsOf(line: LogLine): string {
  const parts = Object.entries(line)
    .filter(([name]) => !plain.has(name))
    .map(([name, value]) => `${name}=${shortValue(value)}`);
  const text = parts.join(' ');
  return text.length > longestFields ? `${text.slice(0, longestFields)}…` : text;
}

function shortValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
