import type { Config, StartEnvironment } from '../config/index.ts';

/** Files and directories of this server that agents have no business with, beside its data directory. */
export function protectedPaths({ database, paths }: Config, { envFile }: StartEnvironment): string[] {
  // SQLite writes what is newest beside the file.
  const files = database.kind === 'sqlite' ? ['', '-wal', '-shm', '-journal'] : [];
  return [
    ...files.map((suffix) => database.location + suffix),
    paths.logs,
    ...(envFile === undefined ? [] : [envFile]),
  ];
}

/** Where this server and its database listen; that of a server on any free port is not known beforehand. */
export function protectedPorts({ server, database, secrets }: Config): number[] {
  const ports = database.kind === 'sqlite' ? [server.port] : [server.port, portOf(secrets.databaseUrl)];
  return [...new Set(ports.filter((port) => port !== 0))];
}

function portOf(url: string): number {
  const { port, searchParams } = new URL(url);
  return Number(port || searchParams.get('port') || 5432);
}
