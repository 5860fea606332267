import {
  type QueryClient,
  type QueryKey,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { toast } from 'sonner';
import { request } from './call.ts';
import type { Answer, CallInput, ChangeName, QueryName } from './call-types.ts';
import { errorMessage } from './console-error.ts';
import { refetchAll } from './use-api.ts';

/** What the page already shows, to be changed before the server has answered. */
export interface ShownAnswers {
  /** Changes all cached answers of an endpoint. They come back as they were if the call fails. */
  update<Name extends QueryName>(name: Name, change: (answer: Answer<Name>) => Answer<Name>): void;
}

export interface ChangeOptions<Name extends ChangeName> {
  /** Endpoints whose answers the change makes old. */
  readonly invalidates?: readonly QueryName[];
  /** Shows the change at once. */
  readonly optimistic?: (input: CallInput<Name>, shown: ShownAnswers) => void;
  /** A toast. */
  readonly success?: string | ((answer: Answer<Name>, input: CallInput<Name>) => string);
  /** False: the page itself shows why it failed, such as at a field. */
  readonly errorToast?: boolean;
  readonly onSuccess?: (answer: Answer<Name>, input: CallInput<Name>) => void;
}

/** An endpoint that changes something: `const rename = useChange('updateKey', {…}); rename.mutate({params, body})`. */
export function useChange<Name extends ChangeName>(
  name: Name,
  options: ChangeOptions<Name> = {},
): UseMutationResult<Answer<Name>, Error, CallInput<Name>, (() => void) | undefined> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CallInput<Name>) => request(name, input),
    onMutate: (input) => applyAtOnce(client, options, input),
    onError: (error, _input, undo) => {
      undo?.();
      if (options.errorToast !== false) toast.error(errorMessage(error));
    },
    onSuccess: (answer, input) => {
      const { success } = options;
      if (success !== undefined)
        toast.success(typeof success === 'string' ? success : success(answer, input));
      options.onSuccess?.(answer, input);
    },
    onSettled: () => refetchAll(client, options.invalidates ?? []),
  });
}

async function applyAtOnce<Name extends ChangeName>(
  client: QueryClient,
  { optimistic, invalidates = [] }: ChangeOptions<Name>,
  input: CallInput<Name>,
): Promise<(() => void) | undefined> {
  if (optimistic === undefined) return undefined;
  await Promise.all(invalidates.map((name) => client.cancelQueries({ queryKey: [name] })));
  const before: [QueryKey, unknown][] = [];
  optimistic(input, {
    update: (name, change) => {
      for (const [key, data] of client.getQueriesData<Answer<typeof name>>({ queryKey: [name] })) {
        if (data === undefined || key[1] === 'pages') continue;
        before.push([key, data]);
        client.setQueryData(key, change(data));
      }
    },
  });
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}
