import type { Check } from '../../contract/index.ts';
import type { EngineStatus } from '../../engine/index.ts';

/** Whether agents run commands in a sandbox, as the engine found it where the server runs. */
export function checkSandbox({ state, reason, hint }: EngineStatus['sandbox']): Check {
  const name = 'Sandbox';
  return state === 'active'
    ? { name, status: 'ok', message: 'Active: agents run their commands in it.', hint: null }
    : { name, status: 'warning', message: reason ?? 'There is none.', hint: hint ?? null };
}
