import { useApi } from '../../api/use-api.ts';

export interface Quota {
  /** Null: no limit, as of the next. */
  readonly maxBytes: number | null;
  readonly maxFiles: number | null;
}

const megabyte = 1024 * 1024;

/** What each workspace may hold, by the settings. */
export function useQuota(): Quota {
  const { data } = useApi('getSettings', {}, { staleTime: 60_000 });
  const of = (name: string): number | null => {
    const found =
      data?.settings.find((one) => one.name === name) ?? data?.startup.find((one) => one.name === name);
    const value = Number(found?.value ?? 0);
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  const megabytes = of('WORKSPACE_MAX_MB');
  return { maxBytes: megabytes === null ? null : megabytes * megabyte, maxFiles: of('WORKSPACE_MAX_FILES') };
}
