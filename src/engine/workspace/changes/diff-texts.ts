import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { TextPair } from './scan-thread-messages.ts';

/** Long enough for any change that somebody will read. */
const patienceMilliseconds = 500;

/** A unified diff, as `git diff` names its files; undefined where it would be too long, or take too long. */
export function diffTexts({ nameBefore, nameAfter, before, after, limit }: TextPair): string | undefined {
  const diff = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${nameBefore}`,
    after === undefined ? '/dev/null' : `b/${nameAfter}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY, timeout: patienceMilliseconds },
  );
  return diff !== undefined && diff.length <= limit ? diff : undefined;
}
