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
    const field = server.type === 'stdio' ? 'env' : 'headers';
    const entries = Object.entries(secretsOf(server)).flatMap(([valueName, value]) => {
      const path = `mcpServers.${serverName}.${field}.${valueName}`;
      const mapped = map(value, { serverName, server, valueName, path });
      return mapped === undefined ? [] : [[valueName, mapped] as const];
    });
    const values = Object.fromEntries(entries);
    return server.type === 'stdio' ? { ...server, env: values } : { ...server, headers: values };
  };
  const servers = Object.entries(spec.mcpServers).map(
    ([name, server]) => [name, mapServer(name, server)] as const,
  );
  return { ...spec, mcpServers: Object.fromEntries(servers) };
}

function secretsOf(server: Server): Readonly<Record<string, string>> {
  return server.type === 'stdio' ? server.env : server.headers;
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
