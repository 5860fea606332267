import { badRequest, formatPath } from '../../openai/index.ts';

const maxDepth = 32;

interface Place {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

/**
 * Throws a 400 WireError for input that no field takes: control characters (but tabs and line breaks), which
 * databases refuse and terminals obey, and nesting that would exhaust whoever walks through it.
 */
export function inspectInput(input: unknown): void {
  const waiting: Place[] = [{ value: input, path: [] }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, path } = place;
    if (typeof value === 'string') refuseControlCharacters(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= maxDepth) {
      throw badRequest(
        'The body is nested too deeply.',
        formatPath(path.slice(0, 1)) || null,
        'invalid_value',
      );
    }
    for (const [key, inner] of Object.entries(value)) {
      refuseControlCharacters(key, path);
      waiting.push({ value: inner, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
}

function refuseControlCharacters(text: string, path: readonly PropertyKey[]): void {
  if (!/[^\P{Cc}\t\n\r]/u.test(text)) return;
  const param = formatPath(path);
  throw badRequest(
    param === ''
      ? 'Control characters are not allowed.'
      : `Control characters are not allowed in '${param}'.`,
    param || null,
    'invalid_value',
  );
}
