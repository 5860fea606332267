/** Invisible and unpaired characters: they forge lines, turn the reading direction, or no database takes them. */
const unfit = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What a stranger sent, fit to be stored and shown: without control characters, of at most `length` characters. */
export function cleanText(text: string, length: number): string {
  // Cut first, so that the work is bounded whatever was sent; a pair of surrogates that is cut apart goes as unfit.
  return [...text.slice(0, length * 4).replace(unfit, '')].slice(0, length).join('');
}
