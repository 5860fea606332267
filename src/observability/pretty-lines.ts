import { escapeHidden } from './escape-hidden.ts';

/**
 * Makes lines readable on a terminal; undefined where pino-pretty cannot be loaded.
 * What clients say cannot steer the terminal, nor pass for a line of the log's own.
 */
export async function loadPrettifier(): Promise<((line: string) => string) | undefined> {
  try {
    const { prettyFactory } = await import('pino-pretty');
    // It takes escapes out of messages and field names itself.
    const prettify = prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid' });
    return (line) => escapeHidden(prettify(indent(line)));
  } catch {
    return undefined;
  }
}

/** Further lines of a message stand out, so that none looks like a line of its own; names of fields have none. */
function indent(line: string): object {
  const fields: Record<string, unknown> = JSON.parse(line);
  const entries = Object.entries(fields).map(([name, value]): [string, unknown] => [
    name.replace(/\s+/g, ' '),
    name === 'msg' && typeof value === 'string' ? value.replace(/\r?\n(?! {4})/g, '\n    ') : value,
  ]);
  return Object.fromEntries(entries);
}
