import { environmentSchema } from '../src/config/environment-schema.ts';
import { liveVariables } from '../src/config/live/live-variables.ts';
import { parseEnvironment } from '../src/config/parse-environment.ts';
import { kindOf } from '../src/config/variable-schemas.ts';

const begin = '<!-- variables -->';
const end = '<!-- /variables -->';

/**
 * The page with the tables of all variables put between its markers: names, defaults, values and when a change holds from
 * the schema, what they mean from `.env.example`, in its order and under its headings.
 */
export function describeConfiguration(page: string, example: string): string {
  const [head, rest] = page.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`The page lacks ${begin} … ${end}`);
  return `${head}${begin}\n${sectionsOf(example).map(describeSection).join('')}\n${end}${tail}`;
}

interface Section {
  readonly title: string;
  readonly variables: readonly {
    readonly name: string;
    readonly meaning: string;
    /** Its default, where the example sets it; some follow other variables and are not in the schema. */
    readonly set?: string;
  }[];
}

function sectionsOf(example: string): Section[] {
  const [, ...parts] = example.split(/^# --- (.+) ---$/m);
  return parts.flatMap((title, index) => {
    const text = parts[index + 1];
    return index % 2 === 1 || text === undefined ? [] : [{ title, variables: variablesOf(text) }];
  });
}

function variablesOf(text: string): Section['variables'] {
  const found = text.matchAll(/((?:^# .+\n)+?)(# )?([A-Z][A-Z0-9_]*)=(.*)$/gm);
  return [...found].map(([, comment = '', unset, name = '', value = '']) => ({
    name,
    meaning: comment.trimEnd().replaceAll(/^# /gm, '').replaceAll('\n', ' '),
    ...(unset === undefined && { set: value }),
  }));
}

function describeSection({ title, variables }: Section): string {
  const rows = variables.map(({ name, meaning, set }) => {
    const changes = live.has(name) ? 'at once' : 'restart';
    return `| \`${name}\` | ${defaultOf(name, set)} | ${valuesOf(name)} | ${changes} | ${meaning.replaceAll('|', '\\|')} |`;
  });
  const heading = ['| variable | default | values | a change holds | |', '|---|---|---|---|---|'];
  return ['', `## ${title}`, '', ...heading, ...rows, ''].join('\n');
}

const live: ReadonlySet<string> = new Set(liveVariables.map(({ name }) => name));
const schemas: ReadonlyMap<string, (typeof environmentSchema.shape)[keyof typeof environmentSchema.shape]> =
  new Map(Object.entries(environmentSchema.shape));
const defaults: ReadonlyMap<string, unknown> = new Map(Object.entries(parseEnvironment({}).values));

function defaultOf(name: string, set: string | undefined): string {
  const value = defaults.get(name) ?? set;
  if (value === undefined) return '–';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}

function valuesOf(name: string): string {
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`.env.example explains ${name}, which the schema does not have`);
  const kind = kindOf(schema);
  switch (kind.type) {
    case 'integer':
      return `${kind.min} to ${kind.max}${kind.unit === null ? '' : ` ${kind.unit}`}`;
    case 'choice':
      return kind.options.map((option) => `\`${option}\``).join(', ');
    case 'flag':
      return '`true`, `false`';
    case 'map':
      return 'JSON';
    case 'origins':
      return '`*` or origins';
    case 'text':
      return 'text';
    default:
      return kind satisfies never;
  }
}
