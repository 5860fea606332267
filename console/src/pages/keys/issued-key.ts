import type { Answer } from '../../api/call-types.ts';

/** A key whose secret is known this once. */
export type IssuedKey = Answer<'createKey'>;
