import { z } from 'zod';
import type { JsonSchema, Parameter } from './document.ts';

/** What is sent and what is received differ in the fields that may be left out, so each has its names. */
const names = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() };
const isRecursive = /^__schema\d+$/;

/** Turns zod's schemas into those of a document, and collects the ones that are referred to by a name. */
export class SchemaBook {
  readonly #schemas = new Map<string, JsonSchema>();

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** What a client may send. `strict`: fields that are not named are refused. */
  input(schema: z.ZodType, options: { readonly strict: boolean }): JsonSchema {
    return this.#convert(schema, { io: 'input', ...(options.strict && { override: closeObject }) });
  }

  /** What a client gets. It may have to do with more than is named, so no object is closed. */
  output(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, { io: 'output', override: openObject });
  }

  /** The fields of a URL, which travel as text. */
  parameters(place: 'path' | 'query', schema: z.ZodObject): Parameter[] {
    const { properties = {}, required = [] } = this.input(schema, { strict: false });
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema: typeof property === 'boolean' ? {} : property,
    }));
  }

  #convert(schema: z.ZodType, params: z.core.ToJSONSchemaParams & { io: 'input' | 'output' }): JsonSchema {
    const id = names[params.io].get(schema)?.id;
    if (id !== undefined && this.#schemas.has(id)) return { $ref: `#/components/schemas/${id}` };
    const options = { unrepresentable: 'any', metadata: names[params.io], ...params } as const;
    const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, options);
    for (const [name, definition] of Object.entries($defs ?? {})) {
      const { id: _id, ...rest } = definition;
      this.#schemas.set(publicName(name), pointToComponents(rest));
    }
    return pointToComponents(own);
  }
}

/** Gives schemas names of their own in the document, for what is sent or for what is received. */
export function nameSchemas(io: 'input' | 'output', schemas: Readonly<Record<string, z.ZodType>>): void {
  for (const [id, schema] of Object.entries(schemas)) names[io].add(schema, { id });
}

/** The only schema without a name that refers to itself is that of any JSON. */
function publicName(name: string): string {
  return isRecursive.test(name) ? 'JsonValue' : name;
}

function pointToComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? `#/components/schemas/${publicName(value.replace(/^#\/\$defs\//, ''))}`
      : value,
  );
}

type Override = NonNullable<z.core.ToJSONSchemaParams['override']>;

const closeObject: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
    jsonSchema.additionalProperties = false;
};

const openObject: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema instanceof z.ZodObject) delete jsonSchema.additionalProperties;
};
