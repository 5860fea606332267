import { createHash } from 'node:crypto';

/**
 * What is added to an answer about files stands between two comments, which Markdown does not show. Clients send the
 * answer back as a part of the next request's history, and there it is cut off again: Claude never said it, and the
 * conversation is known by what Claude said. The second comment says how long the block is and what is in it, so
 * that nothing else is taken for it. White space does not count, since clients trim and re-join what they were sent.
 *
 * Whoever writes such a block themselves (the sum is no secret) only loses that text from the history, where the
 * client could leave it out as well.
 */
const opening = '<!-- claudecode-api:files -->';
const squashedOpening = squash(opening);

/** `markdown` between its comments, to be put behind an empty line at the end of an answer. */
export function markFileBlock(markdown: string): string {
  const block = `${opening}\n\n${markdown.toWellFormed()}\n\n`;
  const squashed = squash(block);
  return `${block}<!-- /claudecode-api:files:${squashed.length}:${sumOf(squashed)} -->`;
}

/** The text before the block that it ends with; the text itself if it ends with none. */
export function cutFileBlock(text: string): string {
  if (!text.trimEnd().endsWith('>')) return text;
  const squashed = squash(text);
  const closing = /<!--\/claudecode-api:files:(\d{1,9}):([0-9a-f]{16})-->$/.exec(squashed.slice(-80));
  if (closing === null) return text;
  const end = squashed.length - closing[0].length;
  const start = end - Number(closing[1]);
  if (start < 0 || !squashed.startsWith(squashedOpening, start)) return text;
  if (sumOf(squashed.slice(start, end)) !== closing[2]) return text;
  return text.slice(0, lengthWithout(text, squashed.length - start)).trimEnd();
}

/** The length of the text without so many of its last characters, white space not counted. */
function lengthWithout(text: string, characters: number): number {
  let length = text.length;
  for (let left = characters; left > 0; length--) {
    if (text.charAt(length - 1).trim() !== '') left--;
  }
  return length;
}

function squash(text: string): string {
  return text.replace(/\s+/g, '');
}

function sumOf(squashed: string): string {
  return createHash('sha256').update(squashed).digest('hex').slice(0, 16);
}
