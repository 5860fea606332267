/** Beyond this a name says nothing more to people; programs have it whole. */
const longestName = 200;

/** Line breaks and other controls, and the marks that let a text read in another order than it is written. */
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A name that somebody else chose, on one line and without what does not show. */
function nameOnOneLine(name: string): string {
  const visible = name.toWellFormed().replace(unseen, '\ufffd');
  const characters = [...visible];
  return characters.length <= longestName ? visible : `…${characters.slice(1 - longestName).join('')}`;
}

/** A name as code, out of which no name can break. */
export function codeSpan(name: string): string {
  const text = nameOnOneLine(name);
  const fence = '`'.repeat(longestRun(text, '`') + 1);
  // One space at either side is no part of the code, and keeps backticks apart.
  return fence.length > 1 || /^ .* $/.test(text) ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** A link with a name as its text, which stays text whatever stands in it. */
export function namedLink(name: string, url: string): string {
  const text = nameOnOneLine(name)
    .replace(/[\\`*_<>&!#|~$@{}^]/g, '\\$&')
    // Some readers of Markdown count brackets with a backslash, too.
    .replace(/[[\]]/g, (bracket) => `&#${bracket.charCodeAt(0)};`);
  const target = url.toWellFormed().replace(/[\s\p{Cc}<>()[\]\\]/gu, percentEncode);
  return `[${text}](${target})`;
}

/** Text as a block of code, fenced so that nothing in it ends the block. */
export function codeBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** How often a character stands in a row at most. */
export function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

/** Unlike `encodeURIComponent`, of brackets, too. */
function percentEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
