import { censor } from '../redact.ts';

/** Begins a word, also where the text is JSON and the character before belongs to an escape such as `\n`. */
const wordStart = String.raw`(?:\b|(?<=\\[bfnrt]))`;

const secretNames =
  'password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|authorization|cookie';

interface Pattern {
  /** Without it there is nothing to be found; looking for it takes next to no time. */
  readonly needle: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

/**
 * Each looks at a bounded stretch of text from each place, or begins where nothing like it came before: a hostile text
 * must not make the search slow.
 */
const patterns: readonly Pattern[] = [
  {
    needle: 'PRIVATE KEY-----',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----)[\s\S]){0,20000}/g,
    replacement: censor,
  },
  // Keys of Anthropic, OpenAI and this server.
  {
    needle: 'sk-',
    pattern: new RegExp(String.raw`${wordStart}sk-[\w-]{8,}`, 'g'),
    replacement: `sk-${censor}`,
  },
  {
    needle: ' ',
    pattern: new RegExp(String.raw`${wordStart}(Bearer|Basic) [\w.~+/=-]{8,}`, 'gi'),
    replacement: `$1 ${censor}`,
  },
  // Tokens of GitHub, GitLab, Slack, AWS and Google, and JSON Web Tokens.
  { needle: '_', pattern: /(?:gh[oprsu]_|github_pat_)\w{16,}/g, replacement: censor },
  { needle: '-', pattern: /(?:glpat-|xox[a-z]-)[\w-]{16,}/g, replacement: censor },
  { needle: 'IA', pattern: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/g, replacement: censor },
  { needle: 'AIza', pattern: /(?<![\w-])AIza[\w-]{35}/g, replacement: censor },
  {
    needle: 'eyJ',
    pattern: /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
    replacement: censor,
  },
  // The password in a URL, and what is secret in its query.
  {
    needle: '://',
    pattern: /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"]{0,200}):[^\s/@"]{1,500}@/gi,
    replacement: `$1:${censor}@`,
  },
  {
    needle: '=',
    pattern: /([?&][\w-]{0,40}(?:token|key|secret|password|signature|sig)=)[^\s&#"'\\]{4,}/gi,
    replacement: `$1${censor}`,
  },
  // A field of JSON, whose quotes may be escaped.
  {
    needle: ':',
    pattern: new RegExp(
      String.raw`((\\{0,8}["'])[\w-]{0,60}(?:${secretNames})\2\s{0,20}:\s{0,20}\2)(?:(?!\2)(?:\\.|[\s\S])){1,4096}`,
      'gi',
    ),
    replacement: `$1${censor}`,
  },
  // A variable, as in a shell's command or in an .env file.
  {
    needle: '=',
    pattern: new RegExp(String.raw`((?<!\w)\w{0,60}(?:${secretNames})=["']?)[^\s"'\\&;]{4,}`, 'gi'),
    replacement: `$1${censor}`,
  },
];

/** Takes secrets out of a text that somebody else has written. */
export function redactText(text: string): string {
  return patterns.reduce(
    (clean, { needle, pattern, replacement }) =>
      clean.includes(needle) ? clean.replace(pattern, replacement) : clean,
    text,
  );
}

/** A secret that begins before a cut has to be seen whole to be known for one. */
const overlap = 1024;

/** The first so many characters of a text, without its secrets, and fit for any database. */
export function cleanText(text: string, mostCharacters: number): string {
  const clean = redactText(text.slice(0, mostCharacters + overlap));
  return storable(text.length <= mostCharacters ? clean : clean.slice(0, mostCharacters));
}

/** PostgreSQL takes neither the character NUL nor half of a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

const endOfOpenSecret = new RegExp(
  String.raw`(?:${wordStart}(?:Bearer|Basic)|(?:${secretNames})\\{0,8}["']\s*:\s*(?:\\{0,8}["'][^"'\n]{0,200})?)\s*$`,
  'i',
);
const longestWord = 4096;

/**
 * How much of a text that goes on may be told: not its last word, which may be the beginning of a secret, nor what
 * announces one.
 */
export function endOfWhole(text: string): number {
  const from = Math.max(0, text.length - longestWord);
  const tail = text.slice(from);
  const word = tail.length - (/\S+$/.exec(tail.slice(-512))?.[0].length ?? 0);
  const announced = endOfOpenSecret.exec(tail.slice(Math.max(0, word - 300), word));
  const open = announced === null ? word : Math.max(0, word - 300) + announced.index;
  const key = tail.lastIndexOf('-----BEGIN ');
  const inKey = key >= 0 && !tail.includes('-----END ', key) ? key : open;
  return from + Math.min(open, inKey);
}
