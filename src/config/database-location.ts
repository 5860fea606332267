import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the database is. */
export interface DatabaseLocation {
  readonly kind: 'sqlite' | 'postgres';
  /** An absolute path, or a postgres:// URL with its password. */
  readonly url: string;
  /** The same without anything secret, for logs and error messages. */
  readonly display: string;
}

/**
 * Reads DATABASE_URL: a path, a `file:` or `sqlite:` URL (relative ones are relative to `cwd`), or a
 * `postgres://` or `postgresql://` URL. Returns a text that says what is wrong where it is none of these.
 */
export function parseDatabaseLocation(
  text: string,
  cwd: string,
): DatabaseLocation | { readonly wrong: string } {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return sqlite(text, cwd);
    case 'file':
    case 'sqlite':
      return sqliteUrl(text, cwd);
    case 'postgres':
    case 'postgresql':
      return postgres(text);
    default:
      return { wrong: `the scheme ${scheme}: is not supported; ${expected}` };
  }
}

const expected =
  'expected the path of a SQLite file, or postgres://user:password@host:5432/database (special characters in the password percent-encoded)';

function sqlite(path: string, cwd: string): DatabaseLocation {
  const absolute = resolve(cwd, path);
  return { kind: 'sqlite', url: absolute, display: absolute };
}

function sqliteUrl(text: string, cwd: string): DatabaseLocation | { readonly wrong: string } {
  const rest = text.slice(text.indexOf(':') + 1);
  if (rest.includes('?') || rest.includes('#'))
    return { wrong: 'parameters of a SQLite URL are not supported' };
  if (rest === '' || rest === '//') return { wrong: expected };
  if (!rest.startsWith('//')) return sqlite(decodeURIComponent(rest), cwd);
  try {
    return sqlite(fileURLToPath(`file:${rest}`), cwd);
  } catch {
    return {
      wrong: 'expected a path after the scheme, such as sqlite:data/webui.sqlite or file:///srv/webui.sqlite',
    };
  }
}

function postgres(text: string): DatabaseLocation | { readonly wrong: string } {
  if (!URL.canParse(text)) return { wrong: expected };
  const { username, host, pathname, searchParams } = new URL(text);
  const server = host || searchParams.get('host') || 'localhost';
  const user = username && `${username}@`;
  return { kind: 'postgres', url: text, display: `postgres://${user}${server}${pathname}` };
}
