import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environmentSchema } from '../src/config/environment-schema.ts';
import { readConfig } from '../src/config/read-config.ts';

/** No container engine and no systemd run where the tests run: this checks what can be checked without them. */
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const execute = promisify(execFile);
const manifest = z
  .object({ version: z.string(), bin: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const variables = Object.keys(environmentSchema.shape);
/** Set by whoever runs it. */
const own = { WEBUI_DEFAULT_PASSWORD: 'an own password', POSTGRES_PASSWORD: 'letters1' };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-packaging-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1) }));
  const allOf = (name: string): string[] =>
    instructions.filter((one) => one.name === name).map(({ text }) => text);
  const arrayOf = (text = ''): string[] =>
    z.array(z.string()).parse(JSON.parse(text.slice(text.indexOf('['))));
  const environment = Object.fromEntries(
    allOf('ENV').flatMap((text) =>
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    ),
  );

  test('copies what is there and what .dockerignore lets through', () => {
    const passed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));
    const copied = allOf('COPY')
      .filter((text) => !text.startsWith('--from'))
      .flatMap((text) => text.split(' ').slice(0, -1));
    expect(copied.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
    expect([...new Set(copied)].toSorted()).toEqual(passed.toSorted());
  });

  test('runs on a version of Node.js that we support, as a user without rights', () => {
    expect(allOf('FROM').map((text) => text.split(' ')[0])).toEqual(
      Array(2).fill(`node:${read('.node-version').trim()}-bookworm-slim`),
    );
    expect(allOf('USER')).toEqual(['node']);
  });

  test('sets variables that the server knows, and starts with an own password only', () => {
    expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
    expect(() => readConfig(environment)).toThrow('WEBUI_DEFAULT_PASSWORD');
    const { paths, server } = readConfig({ ...environment, ...own });
    const [volume = 'none'] = allOf('VOLUME');
    for (const folder of [paths.data, paths.workspaces, paths.logs])
      expect(path.dirname(folder)).toBe(volume);
    expect(allOf('EXPOSE')).toEqual([String(server.port)]);
  });

  test('starts the program of the package', () => {
    const [name, file = 'none'] = Object.entries(manifest.bin)[0] ?? [];
    expect(arrayOf(allOf('ENTRYPOINT')[0]).at(-1)).toBe(name);
    expect(allOf('RUN').join()).toContain(`ln -s /app/${file} /usr/local/bin/${name}`);
    expect(existsSync(path.join(root, file.replace('dist', 'src').replace(/js$/, 'ts')))).toBe(true);
  });

  test.each([
    ['a ready server', 200, 0],
    ['one that is not', 503, 1],
    ['none', undefined, 1],
  ])('its health command with %s', async (_name, status, expected) => {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === '/health/ready' && status !== undefined ? status : 404).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    if (status === undefined) server.close();
    const [program, ...args] = arrayOf(allOf('HEALTHCHECK')[0]);
    expect(program).toBe('node');
    const env = { PATH: process.env['PATH'], PORT: String(port) };
    const result = await execute(process.execPath, args, { env }).then(
      () => 0,
      (error: { code?: unknown }) => error.code,
    );
    server.close();
    expect(result).toBe(expected);
  });
});

describe('compose.yaml', () => {
  const service = z.object({
    environment: z.record(z.string(), z.union([z.string(), z.number()])),
    volumes: z.array(z.string()),
    depends_on: z.record(z.string(), z.unknown()).optional(),
  });
  const text = read('compose.yaml');
  const filled = text.replaceAll(/\$\{(\w+):[?-]([^}]*)\}/g, (_all, name: string, other: string) =>
    String(Object.entries(own).find(([key]) => key === name)?.[1] ?? other),
  );
  const { services, volumes } = z
    .object({
      services: z.object({ server: service, database: service }),
      volumes: z.record(z.string(), z.unknown()),
    })
    .parse(parse(filled));
  const { server, database } = services;
  const environment = Object.fromEntries(
    Object.entries(server.environment).map(([name, value]) => [name, String(value)]),
  );

  test('gives the server variables that it knows and takes, and requires the passwords', () => {
    expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
    expect(readConfig(environment)).toMatchObject({ access: { apiKeyRequired: true } });
    for (const name of Object.keys(own)) expect(text).toContain(`\${${name}:?`);
  });

  test('leads the server to its database', () => {
    expect(environment['DATABASE_URL']).toBe(
      `postgres://${database.environment['POSTGRES_USER']}:${database.environment['POSTGRES_PASSWORD']}@database:5432/${database.environment['POSTGRES_DB']}`,
    );
    expect(Object.keys(server.depends_on ?? {})).toEqual(['database']);
  });

  test('keeps what both write in volumes', () => {
    const [name, folder = 'none'] = server.volumes[0]?.split(':') ?? [];
    for (const variable of ['DATA_DIR', 'WORKSPACE_ROOT', 'LOG_DIR'])
      expect(path.dirname(environment[variable] ?? '')).toBe(folder);
    expect(Object.keys(volumes)).toEqual([name, database.volumes[0]?.split(':')[0]]);
  });
});

describe('the systemd unit', () => {
  const unit = read('packaging/systemd/claudecode-api.service');
  const settings = [...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value }));
  const setting = (name: string): string => settings.find((one) => one.name === name)?.value ?? '';
  const given = parseEnv(
    settings.flatMap(({ name, value }) => (name === 'Environment' ? value : [])).join('\n'),
  );
  const example = parseEnv(read('packaging/systemd/claudecode-api.env'));

  test('gives the server variables that it knows and takes', () => {
    const names = Object.keys({ ...given, ...example });
    expect(names.filter((name) => !variables.includes(name))).toEqual(['HOME', 'ANTHROPIC_API_KEY']);
    const config = readConfig({ ...example, ...given, ...own });
    expect(Number(setting('TimeoutStopSec')) * 1000).toBeGreaterThan(
      config.server.shutdownTimeoutMs + 15_000,
    );
    for (const folder of [config.paths.data, config.paths.workspaces])
      expect(path.dirname(folder)).toBe(`/var/lib/${setting('StateDirectory')}`);
    expect(config.paths.logs).toBe(`/var/log/${setting('LogsDirectory')}`);
  });

  test('starts the program of the package', () => {
    expect(Object.keys(manifest.bin)).toEqual([setting('ExecStart')]);
  });

  const verifier = existsSync('/usr/bin/systemd-analyze') && existsSync('/bin/true');
  test.skipIf(!verifier)('is one that systemd understands', async () => {
    const file = path.join(directory, 'claudecode-api.service');
    // It looks the program and the user up.
    await writeFile(file, unit.replace(/^ExecStart=.*/m, 'ExecStart=/bin/true'));
    const { stdout, stderr } = await execute('systemd-analyze', ['verify', '--man=no', file]);
    expect(`${stdout}${stderr}`).toBe('');
  });
});

describe('changesets', () => {
  const files = readdirSync(path.join(root, '.changeset')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );

  test('name the package and a kind of release', () => {
    const wrong = files.filter(
      (name) =>
        !/^---\n(["'])claudecode-api\1: (patch|minor|major)\n---\n\n\S/.test(read(`.changeset/${name}`)),
    );
    expect(wrong).toEqual([]);
  });

  test('become the next version, above those before', async () => {
    const copy = path.join(directory, 'release');
    await mkdir(path.join(copy, '.changeset'), { recursive: true });
    const copied = ['package.json', 'CHANGELOG.md', '.changeset/config.json', '.changeset/README.md'];
    for (const name of copied) await cp(path.join(root, name), path.join(copy, name));
    const entry = '**Safe retries**: a repeated request joins the run under way.';
    await writeFile(
      path.join(copy, '.changeset/sunny-day.md'),
      `---\n"claudecode-api": minor\n---\n\n${entry}\n`,
    );
    execFileSync('git', ['init', '-q', copy]);
    const require = createRequire(import.meta.url);
    await execute(process.execPath, [require.resolve('@changesets/cli/bin.js'), 'version'], { cwd: copy });

    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(path.join(copy, 'package.json'), 'utf8')));
    const [major, minor] = manifest.version.split('.').map(Number);
    expect(version).toBe(`${major}.${Number(minor) + 1}.0`);
    const changelog = await readFile(path.join(copy, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toContain(`# Changelog\n\n## ${version}\n\n### Minor Changes\n\n- ${entry}\n\n## `);
    const versionsIn = (text: string): string[] => text.match(/^## .*/gm) ?? [];
    expect(versionsIn(changelog)).toEqual([`## ${version}`, ...versionsIn(read('CHANGELOG.md'))]);
    expect(existsSync(path.join(copy, '.changeset/sunny-day.md'))).toBe(false);
  });
});
