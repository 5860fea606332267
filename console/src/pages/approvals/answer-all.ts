import { errorMessage } from '../../api/console-error.ts';

/** Does the same for each, one after the other. Resolves to why it failed, for those it failed for. */
export async function answerAll<Item>(
  items: readonly Item[],
  answer: (item: Item) => Promise<unknown>,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const item of items) {
    try {
      await answer(item);
    } catch (error) {
      failed.push(errorMessage(error));
    }
  }
  return failed;
}
