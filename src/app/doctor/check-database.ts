import type { Check } from '../../contract/index.ts';
import { StorageError } from '../../storage/index.ts';

/** Whether the database answers. */
export async function checkDatabase(
  { kind, location }: { readonly kind: string; readonly location: string },
  ping: () => Promise<void>,
): Promise<Check> {
  const name = 'Database';
  try {
    await ping();
    return {
      name,
      status: 'ok',
      message: `${kind} at ${location} answers, its schema is up to date.`,
      hint: null,
    };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'original_database')
      return {
        name,
        status: 'warning',
        message: error.message,
        hint: 'Stop the original first. docs/upgrade-from-the-original.md tells what becomes of what is in it.',
      };
    return {
      name,
      status: 'failed',
      message: error instanceof Error ? error.message : String(error),
      hint: 'Check DATABASE_URL, and that the database runs and lets this user in.',
    };
  }
}
