import { describe, expect, it } from 'vitest';
import { gatherModels } from './gather-models.ts';

describe('names of models to choose from', () => {
  it('come from settings, aliases and use, each once', () => {
    const settings = [
      { name: 'DEFAULT_MODEL', value: 'claude-sonnet-5' },
      { name: 'SMALL_MODEL', value: null },
      { name: 'MODEL_ALIASES', value: { fast: 'haiku', mine: 'claude-opus-4-8' } },
    ];
    expect(gatherModels(settings, ['claude-sonnet-5', 'opus', ''])).toEqual([
      'opus',
      'sonnet',
      'haiku',
      'claude-opus-4-8',
      'claude-sonnet-5',
      'fast',
      'mine',
    ]);
  });

  it('are the short ones where nothing is known', () => {
    expect(gatherModels([], [])).toEqual(['opus', 'sonnet', 'haiku']);
  });
});
