import { maskedSecret, type ProfileSpec } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { Seal } from '../ports.ts';

type Server = ProfileSpec['mcpServers'][string];

/** Where a secret value stands, such as `mcpServers.search.headers.authorization`. */
interface Place {
  readonly serverName: string;
  readonly server: Server;
  readonly valueName: string;
  readonly path: string;
}

/** As everybody may see it. */
export function maskSecrets(spec: ProfileSpec): ProfileSpec {
  return mapSecrets(spec, () => maskedSecret);
}

/**
 * As it is stored: what is new is sealed, and what came back masked stays what it is in `before`.
 * @throws AccessError `invalid` for a masked value that cannot stay, since there is none, or it would go elsewhere
 * than where it was meant for.
 */
export function sealSecrets(spec: ProfileSpec, before: ProfileSpec | undefined, seal: Seal): ProfileSpec {
  return mapSecrets(spec, (value, { serverName, server, valueName, path }) => {
    if (value !== maskedSecret) return seal.seal(value);
    const known = ownValue(before?.mcpServers ?? {}, serverName);
    const kept = known && ownValue(secretsOf(known), valueName);
    if (known === undefined || kept === undefined) {
      throw new AccessError('invalid', `There is no value of '${path}' yet that could stay.`, {
        param: path,
      });
    }
    if (receiverOf(known) !== receiverOf(server)) {
      const message = `The MCP server '${serverName}' is another one now: give the value of '${path}' again.`;
      throw new AccessError('invalid', message, { param: path });
    }
    return kept;
  });
}

/** As the engine needs it. Values that cannot be opened are left out, and `onLost` is told of their places. */
export function openSecrets(spec: ProfileSpec, seal: Seal, onLost: (path: string) => void): ProfileSpec {
  return mapSecrets(spec, (value, { path }) => {
    const opened = seal.open(value);
    if (opened === undefined) onLost(path);
    return opened;
  });
}

function mapSecrets(
  spec: ProfileSpec,
  map: (value: string, place: Place) => string | undefined,
): ProfileSpec {
  const mapServer = (serverName: string, server: Server): Server => {
    const mapped = mapValues(secretsOf(server), (value, valueName) =>
      map(value, { serverName, server, valueName, path: pathOf(serverName, server, valueName) }),
    );
    if (server.type === 'stdio') return { ...server, env: mapped };
    const isInQuery = (valueName: string): boolean => !Object.hasOwn(server.headers, valueName);
    const headers = mapValues(mapped, (value, valueName) => (isInQuery(valueName) ? undefined : value));
    return { ...server, headers, url: withQuery(server.url, mapped) };
  };
  return { ...spec, mcpServers: mapValues(spec.mcpServers, (server, name) => mapServer(name, server)) };
}

/** By names that no header has, those of the query of a URL: services like to take their key there. */
function secretsOf(server: Server): Readonly<Record<string, string>> {
  if (server.type === 'stdio') return server.env;
  const inQuery = queryOf(server.url).map(([name, value], index) => [queryName(name, index), value]);
  return { ...server.headers, ...Object.fromEntries(inQuery) };
}

function withQuery(url: string, values: Readonly<Record<string, string>>): string {
  const query = queryOf(url);
  if (query.length === 0) return url;
  const changed = new URL(url);
  changed.search = new URLSearchParams(
    query.flatMap(([name], index): [string, string][] => {
      const value = ownValue(values, queryName(name, index));
      return value === undefined ? [] : [[name, value]];
    }),
  ).toString();
  return changed.href;
}

function queryOf(url: string): [name: string, value: string][] {
  return [...new URL(url).searchParams];
}

/** A name may come again. */
function queryName(name: string, index: number): string {
  return `?${index} ${name}`;
}

function pathOf(serverName: string, server: Server, valueName: string): string {
  const place = `mcpServers.${serverName}`;
  if (server.type === 'stdio') return `${place}.env.${valueName}`;
  return Object.hasOwn(server.headers, valueName) ? `${place}.headers.${valueName}` : `${place}.url`;
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped | undefined,
): Record<string, Mapped> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const mapped = map(value, name);
      return mapped === undefined ? [] : [[name, mapped] as const];
    }),
  );
}

/** Who gets to see the values. */
function receiverOf(server: Server): string {
  return server.type === 'stdio'
    ? JSON.stringify([server.command, ...server.args])
    : new URL(server.url).origin;
}

function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
