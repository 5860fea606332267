import {
  keepPreviousData,
  type QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { request, sentInput } from './call.ts';
import type { Answer, CallInput, PageName, QueryName } from './call-types.ts';

export interface ApiOptions {
  /** False: not asked for (yet). */
  readonly enabled?: boolean;
  /** Asks again so often, in milliseconds, while the page is seen. */
  readonly refetchInterval?: number | false;
  /** For how long an answer counts as fresh, in milliseconds. */
  readonly staleTime?: number;
  /** For how long an answer is kept once it is shown nowhere, in milliseconds. */
  readonly gcTime?: number;
  /** Shows the last answer while another input is asked for. */
  readonly keepPrevious?: boolean;
}

/** Asks an endpoint and keeps the answer: `const {data, error, isPending, refetch} = useApi('listKeys')`. */
export function useApi<Name extends QueryName>(
  name: Name,
  ...[input, options = {}]: Record<never, never> extends CallInput<Name>
    ? [input?: CallInput<Name> | undefined, options?: ApiOptions]
    : [input: CallInput<Name>, options?: ApiOptions]
): UseQueryResult<Answer<Name>> {
  const { keepPrevious, ...rest } = options;
  return useQuery({
    queryKey: [name, input ?? {}],
    queryFn: ({ signal }) => request(name, input, signal),
    ...rest,
    ...(keepPrevious === true && { placeholderData: keepPreviousData }),
  }) as UseQueryResult<Answer<Name>>;
}

type ItemOf<Name extends PageName> =
  Answer<Name> extends { readonly items: readonly (infer Item)[] } ? Item : never;

/**
 * Asks a list that comes in pages: `const {items, hasNextPage, fetchNextPage, isFetchingNextPage} = useApiPages(…)`.
 * The cursor is taken care of.
 */
export function useApiPages<Name extends PageName>(
  name: Name,
  input: CallInput<Name>,
  options: ApiOptions = {},
): UseInfiniteQueryResult & {
  readonly items: readonly ItemOf<Name>[];
  readonly pages: readonly Answer<Name>[];
} {
  const { keepPrevious, ...rest } = options;
  const given = sentInput(input);
  const result = useInfiniteQuery({
    queryKey: [name, 'pages', input],
    queryFn: ({ signal, pageParam }) =>
      request(name, { ...given, query: { ...given.query, cursor: pageParam } } as CallInput<Name>, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: unknown) => nextCursorOf(last),
    ...rest,
    ...(keepPrevious === true && { placeholderData: keepPreviousData }),
  });
  const pages = (result.data?.pages ?? []) as Answer<Name>[];
  const items = pages.flatMap((page) => itemsOf(page)) as ItemOf<Name>[];
  return { ...result, items, pages } as ReturnType<typeof useApiPages<Name>>;
}

function nextCursorOf(page: unknown): string | undefined {
  return (page as { nextCursor: string | null }).nextCursor ?? undefined;
}

function itemsOf(page: unknown): readonly unknown[] {
  return (page as { items: readonly unknown[] }).items;
}

/** Asks again for all answers of these endpoints that are shown. */
export function refetchAll(client: QueryClient, names: readonly QueryName[]): Promise<unknown> {
  return Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })));
}
