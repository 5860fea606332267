// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what it is about.
const sequences = /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007]*(?:\u0007|\u001b\\)|[()][A-Z0-9])/g;

/** A text without the colours and movements of a terminal. */
export function stripAnsi(text: string): string {
  return text.includes('\u001b') ? text.replace(sequences, '') : text;
}
