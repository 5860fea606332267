import type { ViewPage } from '../../contract/index.ts';

export interface StoredView {
  readonly id: string;
  readonly userId: string;
  readonly page: ViewPage;
  readonly name: string;
  /** The query of the page's address. */
  readonly search: string;
  readonly shared: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A view as one of the users sees it. */
export interface SeenView extends StoredView {
  /** The name of the user whose it is. */
  readonly owner: string;
  /** The page opens with it for the user who sees it. */
  readonly isDefault: boolean;
}

export interface ViewStore {
  /** Those of the user, and those that others share who are admins; in no order. */
  list(userId: string): Promise<readonly SeenView[]>;
  /** Null where there is none that the user sees. */
  get(userId: string, id: string): Promise<SeenView | null>;
  /** `too_many`: the user has `most` of this page already. */
  create(view: StoredView, most: number): Promise<'created' | 'name_taken' | 'too_many'>;
  update(
    view: Pick<StoredView, 'id' | 'userId' | 'page'>,
    change: Partial<Pick<StoredView, 'name' | 'search' | 'shared' | 'updatedAt'>>,
  ): Promise<'updated' | 'name_taken' | 'gone'>;
  remove(id: string): Promise<boolean>;
  /** From now on its page opens with this view for the user, or no longer does. */
  setDefault(userId: string, viewId: string, isDefault: boolean): Promise<void>;
}
