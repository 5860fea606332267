/** What fenced code is called where that is not the file's extension. */
const languages: Readonly<Record<string, string>> = {
  cjs: 'javascript',
  cc: 'cpp',
  cs: 'csharp',
  cts: 'typescript',
  h: 'c',
  hpp: 'cpp',
  htm: 'html',
  jl: 'julia',
  js: 'javascript',
  kt: 'kotlin',
  md: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  pl: 'perl',
  ps1: 'powershell',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  tex: 'latex',
  ts: 'typescript',
  txt: 'text',
  yml: 'yaml',
};

const languagesByName: Readonly<Record<string, string>> = {
  dockerfile: 'dockerfile',
  makefile: 'makefile',
};

/** The language of a fenced block by the file's name; empty if the name says none. */
export function codeLanguage(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const extension = /[^.]\.([a-z0-9+]{1,12})$/.exec(name)?.[1] ?? '';
  const byName = Object.hasOwn(languagesByName, name) ? languagesByName[name] : undefined;
  const byExtension = Object.hasOwn(languages, extension) ? languages[extension] : undefined;
  return byName ?? byExtension ?? extension;
}
