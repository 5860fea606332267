import type { ActivityLine, Part } from './parts.ts';

const activity = /^\[([A-Za-z_][\w.:-]*)\](?: (.*))?$/;

/**
 * The thinking of a chat answer: the server puts a line such as `[Write] notes.txt` between the thoughts for each tool of
 * the agent. Both in their order.
 */
export function splitActivity(text: string): readonly Part[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let tools: ActivityLine[] = [];
  const endThought = (): void => {
    const thought = lines.join('\n').trim();
    lines = [];
    if (thought === '') return;
    endTools();
    parts.push({ kind: 'thinking', text: thought });
  };
  const endTools = (): void => {
    if (tools.length > 0) parts.push({ kind: 'activity', lines: tools });
    tools = [];
  };
  for (const line of text.split('\n')) {
    const found = activity.exec(line);
    if (found === null) {
      lines.push(line);
      continue;
    }
    endThought();
    tools.push({ tool: found[1] ?? '', detail: found[2] ?? '' });
  }
  endThought();
  endTools();
  return parts;
}

/** The tool that waits for an approval in the console, by the last line of what was told. */
export function waitingTool(parts: readonly Part[]): string | undefined {
  const last = parts.at(-1);
  const line = last?.kind === 'activity' ? last.lines.at(-1) : undefined;
  return line?.detail === 'waits for approval' ? line.tool : undefined;
}
