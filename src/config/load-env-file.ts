/**
 * Adds a `.env` file's variables to `process.env`; those that are set already stay as they are.
 * Returns the names of those added, or undefined where there is no such file; any other failure to read it is thrown.
 */
export function loadEnvFile(path: string): ReadonlySet<string> | undefined {
  const before = new Set(Object.keys(process.env));
  try {
    process.loadEnvFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return new Set(Object.keys(process.env).filter((name) => !before.has(name)));
}
