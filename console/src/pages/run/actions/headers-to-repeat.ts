import type { RecordDetail } from '../../../../../src/contract/index.ts';
import { leftOutLength } from '../../../agent/left-out.ts';

/** Of a client's headers those by which the server answers otherwise. Its key and what its library counts are not. */
export function headersToRepeat(
  headers: RecordDetail['requestHeaders'],
): readonly (readonly [string, string])[] {
  return (headers ?? []).filter(
    ([name, value]) =>
      (name.startsWith('x-claudecode-') || name === 'x-openwebui-task') &&
      !value.includes('[redacted]') &&
      leftOutLength(value) === undefined,
  );
}
