/** 32 letters and digits, without l, o, 0 and 1: as many as divide a byte evenly, so that none is more likely. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password that can be read out: four groups of five, 100 bits. */
export function suggestPassword(bytes = crypto.getRandomValues(new Uint8Array(20))): string {
  const text = Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
  return text.replaceAll(/(.{5})(?=.)/g, '$1-');
}
