import type { Actor, ViewCaller } from '../../access/index.ts';
import type { NewView, View, ViewChange, ViewPage } from '../../contract/index.ts';

/** Filters that users keep under names. Refusals are thrown as AccessErrors. */
export interface ViewAdministration {
  list(caller: ViewCaller, page?: ViewPage): Promise<View[]>;
  create(view: NewView, caller: ViewCaller, actor: Actor): Promise<View>;
  update(id: string, change: ViewChange, caller: ViewCaller, actor: Actor): Promise<View>;
  remove(id: string, caller: ViewCaller, actor: Actor): Promise<void>;
}
