/**
 * Thinking and the agent's activity share one stream of text at the client: blocks of thinking are set apart
 * by an empty line, and a line of activity begins at the start of a line.
 */
export class ReasoningText {
  #last: 'nothing' | 'thinking' | 'activity' = 'nothing';
  #endsLine = true;
  #blockBegins = false;

  beginThinking(): void {
    this.#blockBegins = true;
  }

  /** What goes out for a piece of thinking. */
  thinking(text: string): string {
    if (text === '') return '';
    const separator = this.#blockBegins && this.#last === 'thinking' ? '\n\n' : '';
    this.#blockBegins = false;
    return this.#emit('thinking', separator + text);
  }

  /** What goes out for a line of activity, which ends in a line break. */
  activity(line: string): string {
    return this.#emit('activity', this.#endsLine ? line : `\n${line}`);
  }

  #emit(kind: 'thinking' | 'activity', text: string): string {
    this.#last = kind;
    this.#endsLine = text.endsWith('\n');
    return text;
  }
}
