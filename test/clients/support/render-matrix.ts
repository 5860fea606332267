import { readFileSync } from 'node:fs';
import { type Ability, type Api, abilitiesOf, type Client, matrix } from './matrix.ts';

const root = new URL('../../../', import.meta.url);
const apis: readonly Api[] = ['chat', 'responses'];
const apiNames: Readonly<Record<Api, string>> = { chat: 'Chat Completions', responses: 'Responses' };

/** With the versions that are installed. */
function renderMatrix(): string {
  const parts = (['library', 'agent'] as const).map((kind) => {
    const clients = matrix.filter((client) => client.kind === kind);
    return [...tableOf(clients), '', ...clients.flatMap(remarksOn)].join('\n');
  });
  return parts.join('\n\n');
}

/** The text of a document with the matrix between its markers. Throws if it has none. */
export function withMatrix(document: string): string {
  const place = /(?<=<!-- matrix -->\n).*?(?=<!-- \/matrix -->)/s;
  if (!place.test(document)) throw new Error('The document has no place between <!-- matrix --> markers.');
  return document.replace(place, () => `\n${renderMatrix()}\n\n`);
}

function tableOf(clients: readonly Client[]): string[] {
  const rows = clients.flatMap((client) =>
    apisOf(client).map((api) => [
      client.name,
      client.packages.map(versionOf).join(', '),
      apiNames[api],
      ...abilitiesOf(client, api).map(({ not }) => (not === undefined ? '✓' : '–')),
    ]),
  );
  const head = ['client', 'tested with', 'API', ...columnsOf(clients)];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function columnsOf([first]: readonly Client[]): Ability[] {
  return first === undefined ? [] : abilitiesOf(first, 'chat').map(({ ability }) => ability);
}

/** What is not tested, and why; the same for all its APIs in one sentence. */
function remarksOn(client: Client): string[] {
  const gaps = new Map<string, Api[]>();
  for (const api of apisOf(client)) {
    const reasons = abilitiesOf(client, api).flatMap(({ ability, not }) =>
      not === undefined ? [] : `${ability} (${not})`,
    );
    if (reasons.length > 0) gaps.set(reasons.join(', '), [...(gaps.get(reasons.join(', ')) ?? []), api]);
  }
  const sentences = [...gaps].map(([reasons, over]) =>
    over.length === apisOf(client).length
      ? `not ${reasons}.`
      : `not over ${over.map((api) => apiNames[api]).join(', ')}: ${reasons}.`,
  );
  const remarks = [...sentences, client.note ?? []].flat().join(' ');
  return remarks === '' ? [] : [`- **${client.name}**: ${remarks}`];
}

function apisOf(client: Client): Api[] {
  return apis.filter((api) => client.over[api] !== undefined);
}

/** A package and its version, as it is installed; or as its pin says. */
function versionOf(place: string): string {
  const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
  if (place.endsWith('.txt')) return read(place).trim().replace('==', ' ');
  const { name, version }: { name: string; version: string } = JSON.parse(read(`${place}/package.json`));
  return `${name} ${version}`;
}
