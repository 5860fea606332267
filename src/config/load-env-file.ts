/**
 * Adds a `.env` file's variables to `process.env`; those that are set already stay as they are.
 * Returns whether there was such a file; any other failure to read it is thrown.
 */
export function loadEnvFile(path: string): boolean {
  try {
    process.loadEnvFile(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
