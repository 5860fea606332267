import { useApi } from '../api/use-api.ts';
import { gatherModels } from './gather-models.ts';

const monthMs = 30 * 86_400_000;
const freshFor = 60_000;

/** Names of models that somebody may mean: those of the settings, and those that were asked for within a month. */
export function useModelSuggestions(): readonly string[] {
  const settings = useApi('getSettings', {}, { staleTime: freshFor });
  // To the hour, so that all who ask within one share the answer.
  const to = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const query = { from: to - monthMs, to, step: 'day', by: 'model' } as const;
  const used = useApi('getStats', { query }, { staleTime: freshFor });
  return gatherModels(settings.data?.settings ?? [], used.data?.series.map(({ value }) => value) ?? []);
}

export function useProfileSuggestions(): readonly string[] {
  const { data } = useApi('listProfiles', {}, { staleTime: freshFor });
  return data?.items.map(({ name }) => name) ?? [];
}
