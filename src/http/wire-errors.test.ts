import { expect, test } from 'vitest';
import { StorageError } from '../storage/index.ts';
import { errorHeaders, toWireError } from './wire-errors.ts';

test('a database that does not answer is told as a trouble that passes, without its address', () => {
  const error = toWireError(
    new StorageError('unreachable', 'The database does not answer: connect ECONNREFUSED 10.0.0.7:5432'),
  );
  expect(error).toMatchObject({ status: 503, code: 'database_unavailable' });
  expect(errorHeaders(error)).toEqual({ 'retry-after': '5' });
  expect(JSON.stringify(error.toBody())).not.toContain('10.0.0.7');
});
