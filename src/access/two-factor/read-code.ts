/** What somebody entered as a code, in the form that it is compared in. */
export interface EnteredCode {
  readonly kind: 'app' | 'recovery';
  readonly code: string;
}

/** Six digits are of an app, everything else may be a recovery code. Spaces and dashes do not matter, nor capitals. */
export function readCode(entered: string): EnteredCode {
  const code = entered
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .toLowerCase();
  return { kind: /^\d{6}$/.test(code) ? 'app' : 'recovery', code };
}
