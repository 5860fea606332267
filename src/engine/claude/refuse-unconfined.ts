import { isConfined } from './confine-agent.ts';
import type { Launch } from './launch.ts';
import type { ActiveSandbox, SandboxChoice } from './prepare-confinement.ts';

/** Why an agent may not run without the sandbox that is missing; undefined if it may, or needs none. */
export function refusalUnconfined(
  launch: Launch,
  choice: SandboxChoice,
  { state, reason, hint }: ActiveSandbox,
): string | undefined {
  if (state === 'active' || !isConfined(launch)) return undefined;
  const why = [reason, hint].filter((sentence) => sentence !== undefined).join(' ');
  if (choice === 'required')
    return `This server runs agents with tools in a sandbox only (SANDBOX=required), and there is none. ${why}`;
  return launch.network === undefined
    ? undefined
    : `The profile limits what its agent reaches over the network, which takes the sandbox. ${why}`;
}
