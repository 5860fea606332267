import type { z } from 'zod';
import { invalidType, invalidValue, missingField, type WireError } from './errors.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * The body as the schema sees it, or the first fault in it as a 400 that names the exact field.
 * `base` is where `body` stands in the request, if it is only a part.
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  base: Path = [],
): z.output<Schema> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw parsed.error;
  throw wireErrorFromIssue(issue, base);
}

/** `['messages', 2, 'content']` as `messages[2].content`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function wireErrorFromIssue(issue: Issue, base: Path): WireError {
  const path = [...base, ...issue.path];
  const param = formatPath(path);
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined && path.length > 0) return missingField(param);
      return invalidType(param || null, withArticle(issue.expected), describeType(issue.input));
    case 'invalid_union':
      return wireErrorFromUnion(issue, path);
    case 'invalid_value':
      if (issue.input === undefined) return missingField(param);
      return unsupportedValue(param, issue.input, issue.values);
    default:
      return invalidValue(param, `Invalid '${param}': ${issue.message}.`);
  }
}

function wireErrorFromUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): WireError {
  if (issue.input === undefined && path.length > 0) return missingField(formatPath(path));
  if (issue.errors.length === 0 && 'discriminator' in issue) {
    const given = Object(issue.input)[String(issue.discriminator)] as unknown;
    const param = formatPath(path);
    return given === undefined ? missingField(param) : unsupportedValue(param, given, optionsOf(issue));
  }
  const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const types = branches.flatMap((branch) =>
    branch.code === 'invalid_type' && branch.path.length === 0 ? [withArticle(branch.expected)] : [],
  );
  if (types.length === branches.length) {
    return invalidType(formatPath(path), `one of ${types.join(' or ')}`, describeType(issue.input));
  }
  const [best] = branches.sort((a, b) => depth(b) - depth(a) || certainty(b) - certainty(a));
  if (best === undefined) return invalidValue(formatPath(path), issue.message);
  return wireErrorFromIssue(best, path);
}

/** The branch that got furthest into the value is the one that the client meant. */
function depth(issue: Issue): number {
  const inner =
    issue.code === 'invalid_union' ? issue.errors.map(([first]) => (first ? depth(first) : 0)) : [];
  return issue.path.length + Math.max(0, ...inner);
}

function certainty(issue: Issue): number {
  return issue.code === 'invalid_type' ? 0 : 1;
}

function optionsOf(issue: object): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

function unsupportedValue(param: string, given: unknown, supported: readonly unknown[]): WireError {
  const shown = typeof given === 'string' ? `'${given}'` : JSON.stringify(given);
  const values = supported.map((value) => `'${String(value)}'`).join(', ');
  return invalidValue(param, `Invalid value: ${shown}. Supported values are: ${values}.`);
}

function withArticle(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** With its article, for a message. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
  return value === undefined ? 'nothing' : withArticle(typeof value);
}
