import { useQuery } from '@tanstack/react-query';
import { isObject, textField } from '../../../agent/json-object.ts';
import { useApi } from '../../../api/use-api.ts';
import type { PlaygroundKey } from '../../../playground-key/use-playground-key.ts';
import { readFailure } from '../api/failure.ts';

export interface ModelGroup {
  readonly label: string;
  readonly names: readonly string[];
}

/** What a request may name as its model, as `GET /v1/models` tells it. */
export function useModels({ secret, ready }: PlaygroundKey): {
  readonly groups: readonly ModelGroup[];
  readonly error: Error | null;
  readonly refetch: () => unknown;
} {
  const profiles = useApi('listProfiles', {}, { staleTime: 60_000 });
  const { data, error, refetch } = useQuery({
    queryKey: ['playground', 'models', secret ?? ''],
    queryFn: ({ signal }) => fetchModels(secret, signal),
    enabled: ready,
    staleTime: 60_000,
    retry: false,
  });
  const known = profiles.data?.items.map(({ name }) => name) ?? [];
  return { groups: groupModels(data ?? [], known), error, refetch };
}

interface Model {
  readonly id: string;
  readonly owner: string;
}

async function fetchModels(secret: string | undefined, signal: AbortSignal): Promise<readonly Model[]> {
  const response = await fetch('/v1/models', {
    signal,
    credentials: 'omit',
    headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
  });
  if (!response.ok) throw new Error((await readFailure(response)).message);
  const body: unknown = await response.json();
  const list = isObject(body) && Array.isArray(body['data']) ? body['data'] : [];
  return list.flatMap((one) => {
    const id = textField(one, 'id');
    return id === undefined ? [] : [{ id, owner: textField(one, 'owned_by') ?? '' }];
  });
}

function groupModels(models: readonly Model[], profiles: readonly string[]): readonly ModelGroup[] {
  const isProfile = ({ id }: Model): boolean => profiles.includes(id);
  const groups = [
    { label: 'Profiles', names: models.filter(isProfile) },
    { label: 'Models', names: models.filter((one) => !isProfile(one) && one.owner === 'anthropic') },
    { label: 'Other names', names: models.filter((one) => !isProfile(one) && one.owner !== 'anthropic') },
  ];
  return groups.flatMap(({ label, names }) =>
    names.length === 0 ? [] : [{ label, names: names.map(({ id }) => id) }],
  );
}
