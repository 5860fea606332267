import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';

/** Whether what tells of a run has the words in it; capitals do not matter. */
export function fitsText(subject: ActiveRun | RequestRecord, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const models =
    'model' in subject
      ? [subject.model, subject.activity]
      : [subject.modelUsed, subject.modelAsked, subject.errorMessage];
  const { id, keyName, profile, endpoint, client, address } = subject;
  return [id, keyName, profile, endpoint, client, address, ...models].some(
    (one) => one?.toLowerCase().includes(wanted) === true,
  );
}
