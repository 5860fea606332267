import type { Check } from '../../contract/index.ts';
import type { SandboxStatus } from '../../engine/index.ts';

export function checkSandbox({ state, reason, hint }: SandboxStatus): Check {
  const name = 'Sandbox';
  return state === 'available'
    ? { name, status: 'ok', message: 'What the agent’s sandbox needs is there and works.', hint: null }
    : { name, status: 'warning', message: reason ?? 'There is none.', hint: hint ?? null };
}
