import type { RecordDetail } from '../../contract/index.ts';

/** JSON as the contract has it: a copy that is ours. */
export type PlainJson = RecordDetail['request'];
