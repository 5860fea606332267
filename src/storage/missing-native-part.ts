/**
 * What to do where better-sqlite3 cannot load its native part: npm ran no install script of it, or it was built for
 * another version of Node.js. Undefined for any other error.
 */
export function remedyForNativePart(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isMissing = error.message.startsWith('Could not locate the bindings file');
  const isOfAnotherNode = 'code' in error && error.code === 'ERR_DLOPEN_FAILED';
  if (!isMissing && !isOfAnotherNode) return undefined;
  return (
    'better-sqlite3 is there without its native part for this Node.js, as when npm runs no install scripts. Run ' +
    '`npm rebuild better-sqlite3` where it is installed; npx and `npm install --global` take ' +
    '--allow-scripts=better-sqlite3.'
  );
}
