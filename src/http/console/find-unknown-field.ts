import { z } from 'zod';

type Path = readonly PropertyKey[];

/**
 * Where a value has a field that its schema does not know, and would drop without a word: a limit with a typo must not
 * pass for no limit. Null: there is none. The value is one that the schema takes.
 */
export function findUnknownField(schema: z.core.$ZodType, value: unknown, path: Path = []): Path | null {
  if (typeof value !== 'object' || value === null) return null;
  if (schema instanceof z.ZodObject) {
    if (schema.def.catchall !== undefined) return null;
    return findFirst(Object.entries(value), ([key, inner]) => {
      const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
      return field === undefined ? [...path, key] : findUnknownField(field, inner, [...path, key]);
    });
  }
  if (schema instanceof z.ZodArray) {
    return findFirst(Object.entries(value), ([index, inner]) =>
      findUnknownField(schema.element, inner, [...path, Number(index)]),
    );
  }
  if (schema instanceof z.ZodRecord) {
    return findFirst(Object.entries(value), ([key, inner]) =>
      findUnknownField(schema.valueType, inner, [...path, key]),
    );
  }
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options.filter((option) => z.safeParse(option, value).success);
    const found = fitting.map((option) => findUnknownField(option, value, path));
    return found.includes(null) ? null : (found[0] ?? null);
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return findUnknownField(schema.unwrap(), value, path);
  }
  return null;
}

function findFirst<Item>(items: readonly Item[], find: (item: Item) => Path | null): Path | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
