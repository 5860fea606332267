import {
  mostViews,
  type NewView,
  type Role,
  type View,
  type ViewChange,
  type ViewPage,
} from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { newId } from '../new-id.ts';
import type { Actor } from '../ports.ts';
import type { SeenView, StoredView, ViewStore } from './view-ports.ts';

export interface SavedViewsOptions {
  readonly store: ViewStore;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

/** Whose views are asked for. */
export interface ViewCaller {
  readonly userId: string;
  readonly role: Role;
}

/** Pages that viewers cannot open, whose views they are not told of either. */
const adminPages: ReadonlySet<ViewPage> = new Set(['audit', 'logs']);

/** Filters that users keep. What is private is audited nowhere; what everybody is shown is. */
export class SavedViews {
  readonly #options: SavedViewsOptions;

  constructor(options: SavedViewsOptions) {
    this.#options = options;
  }

  /** The own ones, and those that admins share, by name. */
  async list(caller: ViewCaller, page?: ViewPage): Promise<View[]> {
    const views = await this.#options.store.list(caller.userId);
    return views
      .filter((view) => mayOpen(caller, view.page) && (page === undefined || view.page === page))
      .map((view) => show(view, caller))
      .sort((a, b) => byName.compare(a.name, b.name));
  }

  /** @throws AccessError `conflict` where the name is taken or there are too many; `forbidden`. */
  async create(
    { page, name, search, shared, isDefault }: NewView,
    caller: ViewCaller,
    actor: Actor,
  ): Promise<View> {
    const { store, now = Date.now } = this.#options;
    if (!mayOpen(caller, page)) throw new AccessError('forbidden', 'This page is for admins.');
    if (shared) requireAdmin(caller);
    const at = now();
    const view: StoredView = {
      id: newId('view_'),
      userId: caller.userId,
      ...{ page, name, search, shared, createdAt: at, updatedAt: at },
    };
    const created = await store.create(view, mostViews);
    if (created === 'name_taken') throw nameTaken(name);
    if (created === 'too_many') throw tooMany();
    if (isDefault) await store.setDefault(caller.userId, view.id, true);
    if (shared) await this.#record(actor, 'view.shared', view);
    return this.#shown(view.id, caller);
  }

  /** @throws AccessError `not_found`, `conflict` where the name is taken, `forbidden` for a view of somebody else's. */
  async update(id: string, change: ViewChange, caller: ViewCaller, actor: Actor): Promise<View> {
    const { store, now = Date.now } = this.#options;
    const { isDefault, ...rest } = change;
    const given = withoutAbsent(rest);
    const before = await this.#find(id, caller);
    if (Object.keys(given).length > 0) {
      if (before.userId !== caller.userId) throw notYours();
      if (given.shared === true && !before.shared) requireAdmin(caller);
      const isOther = given.name !== undefined || given.search !== undefined;
      const updated = await store.update(before, { ...given, ...(isOther && { updatedAt: now() }) });
      if (updated === 'name_taken') throw nameTaken(given.name ?? before.name);
      if (updated === 'gone') throw notFound();
      const after = { ...before, ...given };
      if (after.shared && (!before.shared || isOther)) await this.#record(actor, 'view.shared', after);
      if (before.shared && !after.shared) await this.#record(actor, 'view.unshared', before);
    }
    if (isDefault !== undefined) await store.setDefault(caller.userId, id, isDefault);
    return this.#shown(id, caller);
  }

  /** @throws AccessError `not_found`, `forbidden` for a view of somebody else's. */
  async remove(id: string, caller: ViewCaller, actor: Actor): Promise<void> {
    const view = await this.#find(id, caller);
    if (view.userId !== caller.userId) throw notYours();
    if (!(await this.#options.store.remove(id))) throw notFound();
    if (view.shared) await this.#record(actor, 'view.unshared', view);
  }

  async #find(id: string, caller: ViewCaller): Promise<SeenView> {
    const view = await this.#options.store.get(caller.userId, id);
    if (view === null || !mayOpen(caller, view.page)) throw notFound();
    return view;
  }

  async #shown(id: string, caller: ViewCaller): Promise<View> {
    return show(await this.#find(id, caller), caller);
  }

  #record(actor: Actor, action: 'view.shared' | 'view.unshared', view: StoredView): Promise<void> {
    return this.#options.audit.record(actor, action, view.name, { page: view.page, search: view.search });
  }
}

const byName = new Intl.Collator('en', { numeric: true });

function show(view: SeenView, caller: ViewCaller): View {
  const { id, page, name, search, shared, owner, isDefault, createdAt, updatedAt } = view;
  const own = view.userId === caller.userId;
  return { id, page, name, search, shared, own, owner, isDefault, createdAt, updatedAt };
}

function withoutAbsent({ name, search, shared }: Omit<ViewChange, 'isDefault'>) {
  return {
    ...(name !== undefined && { name }),
    ...(search !== undefined && { search }),
    ...(shared !== undefined && { shared }),
  };
}

function mayOpen({ role }: ViewCaller, page: ViewPage): boolean {
  return role === 'admin' || !adminPages.has(page);
}

function requireAdmin({ role }: ViewCaller): void {
  if (role !== 'admin')
    throw new AccessError('forbidden', 'Only an admin may share a view.', { param: 'shared' });
}

function nameTaken(name: string): AccessError {
  return new AccessError('conflict', `You have a view “${name}” of this page already.`, { param: 'name' });
}

function tooMany(): AccessError {
  return new AccessError(
    'conflict',
    `You have ${mostViews} views of this page, and there cannot be more: delete one first.`,
  );
}

function notYours(): AccessError {
  return new AccessError('forbidden', 'This view is somebody else’s: save one of your own.');
}

function notFound(): AccessError {
  return new AccessError('not_found', 'There is no such view.');
}
