import { type ProfileSpec, profileSpec } from '../../contract/index.ts';

/** The profiles that come with the server; as in the room of turns, which a test compares. */
export const defaultSpecs: Readonly<Record<'agent' | 'model', ProfileSpec>> = {
  agent: profileSpec.parse({
    description: 'Claude Code as an agent: files, shell and search, in the workspace of whoever asks.',
  }),
  model: profileSpec.parse({
    description: 'Claude as a plain chat model, without tools and without a workspace.',
    systemPrompt: { mode: 'replace', text: '' },
    builtInTools: 'none',
    workspace: 'none',
  }),
};

export function isDefaultName(name: string): name is keyof typeof defaultSpecs {
  return Object.hasOwn(defaultSpecs, name);
}
