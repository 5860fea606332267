import { errorBody } from '../../contract/index.ts';
import { cookieNames } from '../console/session-cookie.ts';
import { consoleOperations } from './console-operations.ts';
import type { ApiDocument, Operation, PlacedOperation } from './document.ts';
import { fileOperations } from './file-operations.ts';
import { nameSchemas, SchemaBook } from './schema-book.ts';
import { v1Operations } from './v1-operations.ts';

nameSchemas('output', { Error: errorBody });

/** The OpenAPI document of this server, from the schemas that it works with. */
export function buildDocument(version: string): ApiDocument {
  const book = new SchemaBook();
  const operations = [...v1Operations(book), ...fileOperations(book), ...consoleOperations(book)];
  const error = {
    description: 'What went wrong.',
    content: { 'application/json': { schema: book.output(errorBody) } },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'claudecode-api',
      version,
      description:
        'Claude Code behind the API of OpenAI (`/v1`), and the API by which the server is administered (`/api/webui`).',
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: [...new Set(operations.flatMap(({ operation }) => operation.tags))].map((name) => ({ name })),
    paths: byPath(operations),
    components: { schemas: book.schemas, responses: { Error: error }, securitySchemes },
  };
}

function byPath(operations: readonly PlacedOperation[]): ApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, operation } of operations) paths[path] = { ...paths[path], [method]: operation };
  return paths;
}

const securitySchemes = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, as `Authorization: Bearer sk-…`.' },
  session: { type: 'apiKey', in: 'cookie', name: cookieNames.plain, description: 'Set by signing in.' },
  secureSession: {
    type: 'apiKey',
    in: 'cookie',
    name: cookieNames.secure,
    description: 'The same over TLS.',
  },
  csrfToken: {
    type: 'apiKey',
    in: 'header',
    name: 'x-csrf-token',
    description: '`csrfToken` of `GET /api/webui/session`, for everything that changes something.',
  },
};
