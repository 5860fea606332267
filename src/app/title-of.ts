const longest = 120;

/** The first text; what of its last escape is cut off is not part of it. */
const firstText = /"text":("(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)/;

/** What the user said first, in one line; empty where that is not told. The bodies are JSON, and may be cut off. */
export function titleOf(bodies: readonly string[]): string {
  const asked = bodies.filter((body) => /"type":"message"/.test(body) && /"role":"user"/.test(body));
  for (const body of asked) {
    const [, open] = firstText.exec(body) ?? [];
    const text: unknown = open === undefined ? '' : JSON.parse(`${open}"`);
    const line = String(text).toWellFormed().replace(/\s+/g, ' ').trim();
    if (line !== '') return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
  }
  return '';
}
