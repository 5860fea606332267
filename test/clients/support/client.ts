import { expect, test } from 'vitest';
import { type Ability, type Api, abilitiesOf, type Client, type ClientId, matrix } from './matrix.ts';

export interface AbilityOptions {
  /** What this test is of, where an ability has several. */
  readonly detail?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface ClientOptions {
  /** Why it cannot be tested on this machine: then its tests are skipped, with these words. */
  readonly missing?: string | undefined;
}

export interface ClientUnderTest {
  readonly id: ClientId;
  readonly api: Api;
  /** A test of one ability or of several at once. */
  ability(
    which: Ability | readonly Ability[],
    run: () => Promise<void> | void,
    options?: AbilityOptions,
  ): void;
}

/**
 * A client as the matrix has it. Its test file fails unless it has a test of each ability that the matrix declares, and
 * of no other:
 *
 *     const { ability } = client('codex', 'responses');
 *     ability(['plain', 'streamed'], async () => { … }, { timeout: 90_000 });
 *
 * Call it once for each client and API, and outside of `describe`, with literal names: matrix.test.ts looks for them.
 */
export function client(id: ClientId, api: Api, { missing }: ClientOptions = {}): ClientUnderTest {
  const declared: Client | undefined = matrix.find((one) => one.id === id);
  if (declared?.over[api] === undefined) throw new Error(`The matrix has no ${id} over ${api}.`);
  const tested = new Set<Ability>();
  test(`the abilities of ${id} over ${api} are those of the matrix`, () => {
    const expected = abilitiesOf(declared, api).flatMap(({ ability, not }) =>
      not === undefined ? ability : [],
    );
    expect([...tested].sort()).toEqual(expected.sort());
  });
  if (missing !== undefined) test.skip(`${id} over ${api}: ${missing}`);
  return {
    id,
    api,
    ability: (which, run, { detail, ...options } = {}) => {
      const names = typeof which === 'string' ? [which] : which;
      for (const name of names) tested.add(name);
      if (missing !== undefined) return;
      test([`${id} over ${api}: ${names.join(', ')}`, detail ?? []].flat().join('; '), options, run);
    },
  };
}
