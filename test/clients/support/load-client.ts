/**
 * Loads a client that is installed in test/clients only. Its own types need not be there when the house is checked, so
 * the caller says by `T` as much of them as it uses.
 */
export async function loadClient<T>(name: string): Promise<T> {
  try {
    const client: T = await import(name);
    return client;
  } catch (cause) {
    throw new Error(`${name} did not load; has \`node test/clients/install.mjs\` been run?`, { cause });
  }
}
