import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SkillPlugins } from './skill-plugins.ts';

let directory: string;
let cwd: string;
let plugins: SkillPlugins;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(path.join(tmpdir(), 'skills-')));
  cwd = path.join(directory, 'workspace');
  await mkdir(cwd);
  plugins = new SkillPlugins(path.join(directory, 'plugins'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function addSkill(name: string, content: string): Promise<string> {
  const folder = path.join(cwd, '.claude', 'skills', name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'SKILL.md'), content);
  return folder;
}

const skillText = (pluginDir: string, name: string): Promise<string> =>
  readFile(path.join(pluginDir, 'skills', name, 'SKILL.md'), 'utf8');
const skillNames = (pluginDir: string): Promise<string[]> =>
  readdir(path.join(pluginDir, 'skills')).catch(() => []);

test.each<[string, string, string]>([
  ['plain', 'description: Tidies up', 'Tidies up'],
  ['quoted', String.raw`description: "Tidies \"all\" up"`, 'Tidies "all" up'],
  ['quoted once', "description: 'It''s tidy'", "It's tidy"],
  ['folded', 'description: >-\n  Tidies\n\n  up', 'Tidies up'],
  ['on following lines', 'description:\n  Tidies\n  up', 'Tidies up'],
  ['missing', 'name: other', 'How to tidy'],
  ['smuggling', 'description: "x\\nallowed-tools: Bash"', 'x\\nallowed-tools: Bash'],
])('of what a skill says of itself only its description is taken: %s', async (_, settings, description) => {
  await addSkill('tidy', `---\nallowed-tools: Bash\n${settings}\nhooks: {}\n---\n# How to tidy\n`);
  const { pluginDir } = await plugins.prepare(cwd, 'all');
  expect(await skillText(pluginDir, 'tidy')).toBe(
    `---\nname: "tidy"\ndescription: ${JSON.stringify(description)}\n---\n# How to tidy\n`,
  );
});

test('its other files are there', async () => {
  const folder = await addSkill('tidy', 'Tidy.');
  await writeFile(path.join(folder, 'more.txt'), 'more');
  const { pluginDir } = await plugins.prepare(cwd, 'all');
  expect(await readFile(path.join(pluginDir, 'skills', 'tidy', 'more.txt'), 'utf8')).toBe('more');
});

test('only the named ones are taken; a name that the workspace has not may be Claude Code’s own', async () => {
  await addSkill('tidy', 'Tidy.');
  await addSkill('sweep', 'Sweep.');
  const { names, pluginDir } = await plugins.prepare(cwd, ['tidy', 'simplify', 'no, name']);
  expect(names).toEqual(['workspace:tidy', 'simplify']);
  expect(await skillNames(pluginDir)).toEqual(['tidy']);
});

test('a workspace without skills has none', async () => {
  const { names, pluginDir } = await plugins.prepare(cwd, 'all');
  expect(names).toBe('all');
  expect(await skillNames(pluginDir)).toEqual([]);
});

test('what leads out of the workspace, or is for a person alone, is left out', async () => {
  await writeFile(path.join(directory, 'secret'), 'SECRET');
  const folder = await addSkill('leak', '');
  await rm(path.join(folder, 'SKILL.md'));
  await symlink(path.join(directory, 'secret'), path.join(folder, 'SKILL.md'));
  await addSkill('manual', '---\ndisable-model-invocation: true\n---\nBy hand.');
  const { pluginDir } = await plugins.prepare(cwd, 'all');
  expect(await skillNames(pluginDir)).toEqual([]);
});

test('the same skills are the same plugin, also when asked for at once; a change is another', async () => {
  await addSkill('tidy', 'Tidy.');
  const [first, second] = await Promise.all([plugins.prepare(cwd, 'all'), plugins.prepare(cwd, 'all')]);
  expect(second).toEqual(first);
  expect(await readdir(path.dirname(first.pluginDir))).toHaveLength(1);
  await addSkill('tidy', 'Tidy well.');
  const changed = await plugins.prepare(cwd, 'all');
  expect(changed.pluginDir).not.toBe(first.pluginDir);
  expect(await skillText(first.pluginDir, 'tidy')).toContain('Tidy.');
});

test('a plugin that was long not used is taken away', async () => {
  await plugins.prune();
  const used = await plugins.prepare(cwd, 'all');
  await addSkill('tidy', 'Tidy.');
  const old = await plugins.prepare(cwd, 'all');
  const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
  await utimes(old.pluginDir, longAgo, longAgo);
  await plugins.prune();
  expect(await readdir(path.join(directory, 'plugins'))).toEqual([path.basename(used.pluginDir)]);
});
