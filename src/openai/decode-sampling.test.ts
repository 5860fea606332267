import { describe, expect, it, test } from 'vitest';
import { decodeSampling, type SamplingRequest } from './decode-sampling.ts';

const plain: SamplingRequest = {
  temperature: undefined,
  topP: undefined,
  effort: undefined,
  adaptiveThinking: false,
};

describe('sampling parameters', () => {
  it('reach a model that takes them, which then does not think', () => {
    expect(decodeSampling({ ...plain, temperature: 0.2 })).toEqual({
      sampling: { temperature: 0.2 },
      reasoning: { effort: 'none' },
      ignored: [],
    });
    expect(decodeSampling({ ...plain, topP: 0, effort: 'none' })).toEqual({
      sampling: { topP: 0 },
      reasoning: { effort: 'none' },
      ignored: [],
    });
  });

  it('at their defaults are silently fine and leave thinking alone', () => {
    expect(decodeSampling({ ...plain, temperature: 1, topP: 1, adaptiveThinking: true })).toEqual({
      sampling: {},
      reasoning: {},
      ignored: [],
    });
  });

  test.each<[string, Partial<SamplingRequest>]>([
    ['the model thinks adaptively', { adaptiveThinking: true }],
    ['the model is not known', { adaptiveThinking: undefined }],
    ['the client asks for reasoning', { effort: 'low' }],
  ])('are reported when %s', (_, request) => {
    const decoded = decodeSampling({ ...plain, temperature: 0.5, topP: 0.5, ...request });
    expect(decoded.sampling).toEqual({});
    expect(decoded.reasoning).toEqual(request.effort === undefined ? {} : { effort: request.effort });
    expect(decoded.ignored.map(({ param }) => param)).toEqual(['temperature', 'top_p']);
  });

  it("above Claude's range are told to be clamped", () => {
    expect(decodeSampling({ ...plain, temperature: 1.5 })).toMatchObject({
      sampling: {},
      reasoning: {},
      ignored: [{ param: 'temperature' }],
    });
  });

  it('go one at a time', () => {
    expect(decodeSampling({ ...plain, temperature: 0, topP: 0.9 })).toMatchObject({
      sampling: { temperature: 0 },
      ignored: [{ param: 'top_p' }],
    });
  });
});
