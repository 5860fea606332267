import type { Role } from '../../contract/index.ts';
import type { SeenView, StoredView, ViewStore } from '../views/view-ports.ts';

/** Views in memory. Users and their roles are what the test says. */
export class MemoryViewStore implements ViewStore {
  readonly #roles: Readonly<Record<string, Role>>;
  readonly #views = new Map<string, StoredView>();
  /** View ids by user and page. */
  readonly #defaults = new Map<string, string>();

  constructor(roles: Readonly<Record<string, Role>>) {
    this.#roles = roles;
  }

  async list(userId: string): Promise<readonly SeenView[]> {
    return [...this.#views.values()]
      .map((view) => this.#seen(view, userId))
      .filter((view) => view.userId === userId || view.shared);
  }

  async get(userId: string, id: string): Promise<SeenView | null> {
    return (await this.list(userId)).find((view) => view.id === id) ?? null;
  }

  async create(view: StoredView, most: number): Promise<'created' | 'name_taken' | 'too_many'> {
    const others = this.#ofPage(view);
    if (others.some(({ name }) => name === view.name)) return 'name_taken';
    if (others.length >= most) return 'too_many';
    this.#views.set(view.id, view);
    return 'created';
  }

  async update(
    { id, userId, page }: Pick<StoredView, 'id' | 'userId' | 'page'>,
    change: Parameters<ViewStore['update']>[1],
  ): Promise<'updated' | 'name_taken' | 'gone'> {
    const others = this.#ofPage({ userId, page }).filter((view) => view.id !== id);
    if (others.some(({ name }) => name === change.name)) return 'name_taken';
    const view = this.#views.get(id);
    if (view === undefined) return 'gone';
    this.#views.set(id, { ...view, ...change });
    return 'updated';
  }

  async remove(id: string): Promise<boolean> {
    return this.#views.delete(id);
  }

  async setDefault(userId: string, viewId: string, isDefault: boolean): Promise<void> {
    const view = this.#views.get(viewId);
    if (view === undefined) return;
    const place = `${userId} ${view.page}`;
    if (isDefault) this.#defaults.set(place, viewId);
    else if (this.#defaults.get(place) === viewId) this.#defaults.delete(place);
  }

  #ofPage({ userId, page }: Pick<StoredView, 'userId' | 'page'>): readonly StoredView[] {
    return [...this.#views.values()].filter((view) => view.userId === userId && view.page === page);
  }

  #seen(view: StoredView, userId: string): SeenView {
    return {
      ...view,
      owner: view.userId,
      shared: view.shared && this.#roles[view.userId] === 'admin',
      isDefault: this.#defaults.get(`${userId} ${view.page}`) === view.id,
    };
  }
}
