import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The program's name in the package of each system. */
const claudeCode = process.platform === 'win32' ? 'claude.exe' : 'claude';

/** A package as the lock file tells of it. */
interface Locked {
  readonly version: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A registry for npm that holds what the package needs in production, and nothing else. */
export interface LoopbackRegistry extends AsyncDisposable {
  readonly url: string;
  /** Links Claude Code into a folder that was installed from here. */
  linkClaudeCode(folder: string): Promise<void>;
}

/**
 * Serves the packages of `node_modules` on loopback, with what `package-lock.json` says of them. Those that only
 * development needs are not there, so an installation fails that asks for one. Native code comes as it was built here:
 * install with `ignore-scripts`. Claude Code's program itself, hundreds of megabytes, is left out to be linked.
 */
export async function startLoopbackRegistry(): Promise<LoopbackRegistry> {
  const packages = readPackages();
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent((request.url ?? '/').slice(1));
    if (wanted.startsWith('-/')) return sendFolder(wanted.slice(2), response);
    const places = packages.get(wanted);
    if (places === undefined) return void response.writeHead(404).end('{}');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(describePackage(wanted, places, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    linkClaudeCode: async (folder) => {
      const places = [...packages.values()].flatMap((found) => [...found.keys()]);
      for (const place of places) {
        const program = path.join(root, place, claudeCode);
        if (existsSync(program)) await symlink(program, path.join(folder, place, claudeCode));
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Places in the tree by name. */
function readPackages(): ReadonlyMap<string, ReadonlyMap<string, Locked>> {
  const lock: { packages: Record<string, Locked> } = readJson('package-lock.json');
  const { overrides }: { overrides: Record<string, string> } = readJson('package.json');
  const found = new Map<string, Map<string, Locked>>();
  for (const [place, locked] of Object.entries(lock.packages)) {
    if (place === '' || locked.dev === true) continue;
    const name = locked.name ?? place.replace(/^.*node_modules\//, '');
    const places = found.get(name) ?? new Map<string, Locked>();
    // What we override is here in our version alone, so that is what others have to ask for.
    const dependencies = Object.entries(locked.dependencies ?? {}).map(([of, range]) => [
      of,
      overrides[of] ?? range,
    ]);
    found.set(name, places.set(place, { ...locked, dependencies: Object.fromEntries(dependencies) }));
  }
  return found;
}

function describePackage(name: string, places: ReadonlyMap<string, Locked>, url: string): object {
  const versions = [...places].map(([place, { integrity: _, ...locked }]) => [
    locked.version,
    { ...locked, name, dist: { tarball: `${url}/-/${encodeURIComponent(place)}` } },
  ]);
  return { name, 'dist-tags': { latest: versions[0]?.[0] }, versions: Object.fromEntries(versions) };
}

/** npm takes archives that are not compressed as well: on loopback that is quicker. It drops links in them. */
function sendFolder(place: string, response: ServerResponse): void {
  const folder = path.join(root, place);
  if (!existsSync(folder)) return void response.writeHead(404).end();
  const without = ['./node_modules', `./${claudeCode}`].map((name) => `--exclude=${name}`);
  const shape = ['--hard-dereference', '--transform=s,^\\.,package,'];
  const tar = spawn('tar', ['-c', ...without, ...shape, '-C', folder, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  tar.once('error', (error) => response.destroy(error));
  tar.stdout.pipe(response);
}

function readJson<Content>(name: string): Content {
  return JSON.parse(readFileSync(path.join(root, name), 'utf8'));
}
