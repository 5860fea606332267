import {
  createCssVariablesTheme,
  createHighlighterCore,
  type HighlighterCore,
  type LanguageInput,
} from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

export type CodeLanguage =
  | 'text'
  | 'json'
  | 'bash'
  | 'python'
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'html'
  | 'css'
  | 'markdown'
  | 'yaml'
  | 'sql'
  | 'xml'
  | 'go'
  | 'rust'
  | 'java'
  | 'c'
  | 'php'
  | 'toml'
  | 'dockerfile'
  | 'diff';

/** Each is loaded when it is first needed. */
const languages: Readonly<Record<Exclude<CodeLanguage, 'text'>, LanguageInput>> = {
  json: () => import('shiki/langs/json.mjs'),
  bash: () => import('shiki/langs/bash.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  xml: () => import('shiki/langs/xml.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  dockerfile: () => import('shiki/langs/dockerfile.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
};

export interface CodeToken {
  readonly text: string;
  readonly className: string | undefined;
}

const theme = 'classes';
let started: Promise<HighlighterCore> | undefined;

/** The tokens of each line, with classes that both themes have colours for: no styles in the markup. */
export async function highlight(
  code: string,
  language: Exclude<CodeLanguage, 'text'>,
): Promise<readonly (readonly CodeToken[])[]> {
  started ??= createHighlighterCore({
    themes: [createCssVariablesTheme({ name: theme, variablePrefix: '--code-', fontStyle: false })],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const highlighter = await started;
  await highlighter.loadLanguage(languages[language]);
  const { tokens } = highlighter.codeToTokens(code, { lang: language, theme });
  return tokens.map((line) =>
    line.map(({ content, color }) => ({ text: content, className: classOf(color) })),
  );
}

/** `var(--code-token-string)` is the class `code-token-string`. */
function classOf(color: string | undefined): string | undefined {
  return /--(code-token-[a-z-]+)/.exec(color ?? '')?.[1];
}
