/** The part of `sessionStorage` that is used; it ends with the browser's tab. */
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const storageName = 'console-playground-key';

/** The secret that pages of the console call /v1 with. It is known in this tab only, and belongs to one user. */
export class KeyStore {
  readonly #storage: Storage | undefined;
  readonly #listeners = new Set<() => void>();
  #kept: { readonly username: string; readonly secret: string } | undefined;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#kept = read(storage);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  secretOf(username: string): string | undefined {
    return this.#kept?.username === username ? this.#kept.secret : undefined;
  }

  keep(username: string, secret: string): void {
    this.#kept = { username, secret };
    try {
      this.#storage?.setItem(storageName, JSON.stringify(this.#kept));
    } catch {
      // Storage may be forbidden or full; then the key is known until the page is loaded anew.
    }
    this.#tell();
  }

  forget(): void {
    if (this.#kept === undefined) return;
    this.#kept = undefined;
    try {
      this.#storage?.removeItem(storageName);
    } catch {
      // As above.
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function read(storage: Storage | undefined): { username: string; secret: string } | undefined {
  try {
    const value: unknown = JSON.parse(storage?.getItem(storageName) ?? 'null');
    if (typeof value !== 'object' || value === null || !('username' in value) || !('secret' in value))
      return undefined;
    const { username, secret } = value;
    return typeof username === 'string' && typeof secret === 'string' ? { username, secret } : undefined;
  } catch {
    return undefined;
  }
}
