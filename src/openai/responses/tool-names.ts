import { createHash } from 'node:crypto';

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

const longestName = 128;

/** Claude's tools lie in no namespaces: each tool of one gets a name of its own, and finds back from it. */
export class ToolNames {
  readonly #plain: ReadonlySet<string>;
  readonly #flat = new Map<string, NamespacedName>();

  /** `plain`: the names that tools outside of namespaces have. */
  constructor(plain: Iterable<string>) {
    this.#plain = new Set(plain);
  }

  get namespaced(): ReadonlyMap<string, NamespacedName> {
    return this.#flat;
  }

  /** The same pair gives the same name; two pairs, or a pair and a plain name, never share one. */
  flatten(namespace: string, name: string): string {
    const base = toSafeName(`${namespace}__${name}`);
    for (let count = 1; ; count++) {
      const flat = count === 1 ? base : toSafeName(`${base}_${count}`);
      const owner = this.#flat.get(flat);
      if (owner?.namespace === namespace && owner.name === name) return flat;
      if (owner !== undefined || this.#plain.has(flat)) continue;
      this.#flat.set(flat, { namespace, name });
      return flat;
    }
  }
}

function toSafeName(name: string): string {
  const safe = name.replace(/[^a-zA-Z0-9_-]/g, '_');
  if (safe.length <= longestName) return safe;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${safe.slice(0, longestName - digest.length - 1)}_${digest}`;
}
