import type { CodeLanguage } from './highlight.ts';

const byEnding: Readonly<Record<string, CodeLanguage>> = {
  json: 'json',
  jsonl: 'json',
  sh: 'bash',
  bash: 'bash',
  zsh: 'bash',
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'tsx',
  ts: 'typescript',
  mts: 'typescript',
  tsx: 'tsx',
  html: 'html',
  htm: 'html',
  svg: 'xml',
  css: 'css',
  md: 'markdown',
  yml: 'yaml',
  yaml: 'yaml',
  sql: 'sql',
  xml: 'xml',
  go: 'go',
  rs: 'rust',
  java: 'java',
  c: 'c',
  h: 'c',
  cc: 'c',
  cpp: 'c',
  hpp: 'c',
  php: 'php',
  toml: 'toml',
  dockerfile: 'dockerfile',
  diff: 'diff',
  patch: 'diff',
};

/** The language of a file, by its name; also of the word after the fence of a code block. */
export function languageOf(name: string): CodeLanguage {
  const last =
    name
      .toLowerCase()
      .split(/[./\\]/)
      .at(-1) ?? '';
  const all = Object.values(byEnding);
  return byEnding[last] ?? all.find((language) => language === last) ?? 'text';
}
