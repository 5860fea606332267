import { expect, test } from 'vitest';
import { agentProfile, type PermissionMode, type Turn } from '../turn/index.ts';
import { TurnPlacer, type TurnPlacerOptions } from './place-turn.ts';

const turn: Turn = {
  id: 'turn',
  owner: 'owner',
  model: 'sonnet',
  profile: agentProfile,
  system: '',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: { tools: [], choice: { type: 'auto' }, parallel: true },
  output: { stop: [] },
  reasoning: {},
  sampling: {},
};

/** Where no process can be had: whatever comes this far says so. */
function placer(permissionMode: PermissionMode): TurnPlacer {
  const none = (): never => {
    throw new Error('asked for a process');
  };
  const options = {
    pool: { takeLive: none, start: none },
    transcripts: { findPoint: none },
    environment: { variables: { IS_SANDBOX: '0' }, leanChat: true },
    defaults: () => ({ permissionMode }),
    resolveModel: (model: string) => model,
    canInject: () => true,
    refusal: () => undefined,
  };
  return new TurnPlacer(options as unknown as TurnPlacerOptions);
}

test.runIf(process.getuid?.() === 0)(
  'as root, a profile that would skip permissions gets no process',
  async () => {
    const profile = { ...agentProfile, permissionMode: 'bypassPermissions' } as const;
    await expect(placer('acceptEdits').place({ ...turn, profile }, '/work')).rejects.toMatchObject({
      code: 'engine_failed',
      message: expect.stringContaining('as root'),
    });
    await expect(placer('bypassPermissions').place(turn, '/work')).rejects.toMatchObject({
      code: 'engine_failed',
    });
    const careful = { ...agentProfile, permissionMode: 'dontAsk' } as const;
    await expect(placer('bypassPermissions').place({ ...turn, profile: careful }, '/work')).rejects.toThrow(
      'asked for a process',
    );
  },
);
