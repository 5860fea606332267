import path from 'node:path';
import {
  call,
  lastResults,
  lastUserText,
  type Reply,
  say,
  type UpstreamRequest,
} from '../support/upstream.ts';

/** What the examples have Claude write. */
export const haiku = { file: 'haiku.txt', text: 'Oslo in snow' } as const;

/** What the examples' questions are answered with: the model writes the haiku, runs a command, calls get_weather. */
export function answerExamples(workspace: string): (request: UpstreamRequest) => Reply {
  return (request) => {
    const has = (name: string): boolean => request.tools?.some((tool) => tool.name === name) ?? false;
    if (has('StructuredOutput')) return { blocks: [call('StructuredOutput', { city: 'Oslo', degrees: -3 })] };
    const [result] = lastResults(request);
    if (result !== undefined) return say('It is ', `written: ${JSON.stringify(result.content)}`);
    if (has('get_weather')) return { blocks: [call('get_weather', { city: 'Oslo' })] };
    const asked = lastUserText(request);
    if (asked.includes(haiku.file) && has('Write')) {
      const input = { file_path: path.join(workspace, haiku.file), content: haiku.text };
      return { blocks: [call('Write', input)] };
    }
    if (asked.includes('lines') && has('Bash'))
      return { blocks: [call('Bash', { command: 'echo 7 lines' })] };
    return say('Hello ', 'from Claude.');
  };
}
