const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 };

/**
 * A figure as people write it: `20`, `1,000,000`, `2.5M`, `$10`. Null: nothing was written. Undefined: it is none, is not
 * above 0, or is not whole where it has to be.
 */
export function readAmount(text: string, { whole }: { readonly whole: boolean }): number | null | undefined {
  const plain = text.replaceAll(/[\s,_$]/g, '').toLowerCase();
  if (plain === '') return null;
  const found = /^(\d+(?:\.\d+)?|\.\d+)([kmb]?)$/.exec(plain);
  if (found === null) return undefined;
  const value = Number((Number(found[1]) * (factors[found[2] ?? ''] ?? 1)).toPrecision(15));
  if (!(value > 0) || value > 1e12) return undefined;
  return whole && !Number.isInteger(value) ? undefined : value;
}
