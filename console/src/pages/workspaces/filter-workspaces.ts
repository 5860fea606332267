import type { WorkspaceEntry } from '../../../../src/contract/index.ts';

interface Filter {
  readonly text?: string;
  readonly kind?: WorkspaceEntry['kind'];
}

/** Those that fit; capitals do not matter. */
export function filterWorkspaces(
  all: readonly WorkspaceEntry[],
  { text, kind }: Filter,
): readonly WorkspaceEntry[] {
  const words = (text ?? '').toLowerCase().trim();
  return all.filter(
    (one) =>
      (kind === undefined || one.kind === kind) &&
      (words === '' ||
        [one.name, one.keyName, one.keyId, one.id, one.owner].some((field) =>
          field?.toLowerCase().includes(words),
        )),
  );
}
