/** A page as OpenAI tells lists. */
export interface ListObject<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  /** Null of an empty page, as is the next. */
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

export function encodeList<Item extends { readonly id: string }>(
  data: readonly Item[],
  hasMore: boolean,
): ListObject<Item> {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
