/** What a terminal may obey, or a reader is fooled by, though JSON leaves it as it is: C1 controls, and marks that reverse text. */
const hidden = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Spells hidden characters out, as JSON would: in a JSON text they mean the same as before. */
export function escapeHidden(text: string): string {
  return text.replace(hidden, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
