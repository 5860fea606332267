import type { ProfileDraft } from '../profile-draft.ts';

/** What each part of the editor gets. */
export interface PartProps {
  readonly draft: ProfileDraft;
  readonly onChange: (change: Partial<ProfileDraft>) => void;
  /** What is wrong with a field, by the server's name for it. */
  readonly errorOf: (param: string) => string | undefined;
  readonly disabled: boolean;
}
