import { expect, test } from 'vitest';
import { WorkspaceUses } from './workspace-uses.ts';

test('nothing is taken away under the hands of those who are at work', async () => {
  const uses = new WorkspaceUses();
  const one = await uses.enter('w');
  const other = await uses.enter('w');
  let removed = false;
  const remove = () =>
    uses.alone('w', async () => {
      removed = true;
    });
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  expect(uses.isBusy('w')).toBe(true);
  expect(await remove()).toBe(false);
  other[Symbol.dispose]();
  expect(uses.isBusy('w')).toBe(false);
  expect(removed).toBe(false);
  expect(await remove()).toBe(true);
  expect(removed).toBe(true);
});

test('who comes while a workspace is taken away waits until it is gone, also where that fails', async () => {
  const uses = new WorkspaceUses();
  const steps: string[] = [];
  const { promise: go, reject } = withResolvers();
  const removing = uses.alone('w', () => go).catch(() => steps.push('failed'));
  const entering = uses.enter('w').then(() => steps.push('entered'));
  expect(await uses.alone('w', async () => {})).toBe(false);
  await uses.enter('other');
  expect(steps).toEqual([]);
  reject(new Error('disk'));
  await Promise.all([removing, entering]);
  expect(steps.toSorted()).toEqual(['entered', 'failed']);
  expect(uses.isBusy('w')).toBe(true);
});

test('what follows a run keeps nobody out, and is done before the workspace is taken away', async () => {
  const uses = new WorkspaceUses();
  const steps: string[] = [];
  const { promise: failing, reject } = withResolvers();
  const { promise: committing, resolve } = withResolvers();
  uses.follow('w', failing);
  uses.follow(
    'w',
    committing.then(() => void steps.push('committed')),
  );
  expect(uses.isBusy('w')).toBe(false);
  (await uses.enter('w'))[Symbol.dispose]();
  const removing = uses.alone('w', async () => void steps.push('removed'));
  expect(uses.isBusy('w')).toBe(true);
  reject(new Error('disk'));
  resolve();
  expect(await removing).toBe(true);
  expect(steps).toEqual(['committed', 'removed']);
});

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers() {
  let [resolve, reject] = [(): void => {}, (_: Error): void => {}];
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
