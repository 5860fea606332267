import { open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';

export interface FoundSkill {
  /** That of its directory. */
  readonly name: string;
  /** When to use it. */
  readonly description: string;
  /** What the agent is told to do. */
  readonly text: string;
  /** Absolute, symbolic links resolved. */
  readonly directory: string;
  /** What else lies in the directory. */
  readonly files: readonly string[];
}

/** Names that Claude Code takes, and that mean nothing in a path. */
export const skillName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const mostSkills = 200;
const mostBytes = 256 * 1024;
const skillFile = 'SKILL.md';

/** The skills in a folder of a workspace, by name; what leads out of the workspace, or cannot be read, is left out. */
export async function findSkills(folder: string, workspace: string): Promise<FoundSkill[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => skillName.test(name)).toSorted();
  const found = await Promise.all(
    names.slice(0, mostSkills).map((name) => readSkill(name, path.join(folder, name), workspace)),
  );
  return found.filter((skill) => skill !== undefined);
}

async function readSkill(name: string, folder: string, workspace: string): Promise<FoundSkill | undefined> {
  try {
    const file = await realpath(path.join(folder, skillFile));
    const directory = await realpath(folder);
    if (![file, directory].every((place) => place.startsWith(workspace + path.sep))) return undefined;
    const { settings, text } = splitSkill(await readStart(file));
    // Such a skill is for a person at a terminal.
    if (/^(true|yes|on)$/i.test(settingOf(settings, 'disable-model-invocation'))) return undefined;
    const description = settingOf(settings, 'description') || firstWords(text);
    const files = (await readdir(directory)).filter((entry) => entry !== skillFile).toSorted();
    return { name, description, text, directory, files };
  } catch {
    return undefined;
  }
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(mostBytes);
    const { bytesRead } = await handle.read(buffer, 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function splitSkill(content: string): { readonly settings: readonly string[]; readonly text: string } {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\r?\n|$)/.exec(content);
  return match === null
    ? { settings: [], text: content }
    : { settings: (match[1] ?? '').split(/\r?\n/), text: content.slice(match[0].length) };
}

/** A setting as text, as far as it is plain, quoted, or over several indented lines; a description is nothing else. */
function settingOf(settings: readonly string[], key: string): string {
  const start = settings.findIndex((line) => line.startsWith(`${key}:`));
  if (start === -1) return '';
  const lines = [settings[start]?.slice(key.length + 1) ?? ''];
  for (const line of settings.slice(start + 1)) {
    if (!/^\s|^$/.test(line)) break;
    lines.push(line);
  }
  const value = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
    .replace(/^[>|][+-]?\d?\s+/, '');
  if (/^".*"$/.test(value)) return value.slice(1, -1).replaceAll('\\"', '"');
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  return value;
}

/** What Claude Code itself goes by where there is no description. */
function firstWords(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return line.replace(/^#+/, '').trim().slice(0, 250);
}
