import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type LaunchSkills, skillsFolder } from '../claude/launch.ts';
import { type FoundSkill, findSkills, skillName } from './find-skills.ts';

/** Skills are known to Claude Code by this name and their own: `workspace:tidy`. */
const pluginName = 'workspace';

/** A plugin that nobody asked for in so long is taken away. */
const keepDays = 7;

/**
 * Makes the skills of workspaces known to Claude Code as plugins that hold nothing but them. Its own way of finding
 * them would let in all that a workspace says of settings, hooks and permissions; so a plugin has each skill's
 * description and text in a file of ours, and links to whatever else lies beside it. A plugin is named by what is in it,
 * so a process sees the skills as they were when its turn began.
 */
export class SkillPlugins {
  readonly #root: string;

  /** `root`: the absolute path of a directory for the plugins. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes a plugin of those of the wanted skills that the workspace has; `cwd` is its path, symbolic links resolved.
   * Other names may be of Claude Code's own skills.
   */
  async prepare(cwd: string, wanted: 'all' | readonly string[]): Promise<LaunchSkills> {
    const found = await findSkills(path.join(cwd, skillsFolder), cwd);
    const skills = wanted === 'all' ? found : found.filter(({ name }) => wanted.includes(name));
    const contents = JSON.stringify([cwd, skills]);
    const pluginDir = path.join(this.#root, createHash('sha256').update(contents).digest('hex').slice(0, 32));
    await this.#write(pluginDir, skills);
    if (wanted === 'all') return { names: 'all', pluginDir };
    const own = new Set(skills.map(({ name }) => name));
    const names = wanted
      .filter((name) => own.has(name) || skillName.test(name))
      .map((name) => (own.has(name) ? `${pluginName}:${name}` : name));
    return { names, pluginDir };
  }

  /** Takes away plugins that have not been used for long. */
  async prune(): Promise<void> {
    const oldest = Date.now() - keepDays * 24 * 60 * 60 * 1000;
    for (const name of await readdir(this.#root).catch(() => [])) {
      const directory = path.join(this.#root, name);
      const isOld = await stat(directory).then(
        ({ mtimeMs }) => mtimeMs < oldest,
        () => false,
      );
      if (isOld) await rm(directory, { recursive: true, force: true });
    }
  }

  async #write(pluginDir: string, skills: readonly FoundSkill[]): Promise<void> {
    const now = new Date();
    const isThere = await utimes(pluginDir, now, now).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    const draft = `${pluginDir}-${randomUUID()}`;
    try {
      await mkdir(path.join(draft, '.claude-plugin'), { recursive: true });
      await writeFile(path.join(draft, '.claude-plugin', 'plugin.json'), JSON.stringify(manifest));
      for (const skill of skills) await writeSkill(path.join(draft, 'skills', skill.name), skill);
      await rename(draft, pluginDir);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another turn was quicker.
      await access(pluginDir).catch(() => {
        throw error;
      });
    }
  }
}

const manifest = { name: pluginName, version: '1.0.0', description: 'Skills of the workspace' };

async function writeSkill(
  folder: string,
  { name, description, text, directory, files }: FoundSkill,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Nothing else that a skill says of itself is taken over: it could hook into other calls, or permit itself tools.
  const settings = [`name: ${JSON.stringify(name)}`, `description: ${JSON.stringify(description)}`];
  await writeFile(path.join(folder, 'SKILL.md'), `---\n${settings.join('\n')}\n---\n${text}`);
  for (const file of files) await symlink(path.join(directory, file), path.join(folder, file));
}
