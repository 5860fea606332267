import type { Message } from '../../turn/index.ts';
import { type SideRequestKind, sideRequestRules, type TextMarks } from './side-request-rules.ts';

/** What a request says, as far as it tells a side request. */
export interface AskedText {
  readonly system: string;
  readonly question: string;
  /** There are answers before the question. */
  readonly afterConversation: boolean;
}

/** The kind of side request that a client is known to ask for in these words; undefined for any others. */
export function recogniseSideRequest(asked: AskedText): SideRequestKind | undefined {
  const rule = sideRequestRules.find(
    ({ system, question, afterConversation = false }) =>
      (afterConversation || !asked.afterConversation) &&
      shows(asked.question, question) &&
      shows(asked.system, system),
  );
  return rule?.kind;
}

/** Undefined where something else than text is asked. */
export function askedText(system: string, messages: readonly Message[]): AskedText | undefined {
  const answered = messages.findLastIndex(({ role }) => role === 'assistant');
  const parts = messages
    .slice(answered + 1)
    .flatMap((message): readonly Message['parts'][number][] => message.parts);
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length === 0 || texts.length < parts.length) return undefined;
  return { system, question: texts.join('\n'), afterConversation: answered >= 0 };
}

function shows(text: string, marks: TextMarks | undefined): boolean {
  if (marks === undefined) return true;
  const { opens = '', has = [], ends = '' } = marks;
  return (
    beginningOf(text, opens.length) === opens.toLowerCase() &&
    text.trimEnd().endsWith(ends) &&
    has.every((phrase) => text.includes(phrase))
  );
}

/** Clients differ in line breaks and indents. Only so much of a long text is read as a beginning may take. */
function beginningOf(text: string, length: number): string {
  const head = text.slice(0, 2 * length + 200);
  return head.replace(/\s+/g, ' ').trimStart().slice(0, length).toLowerCase();
}
