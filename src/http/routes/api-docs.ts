import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { buildDocument } from '../api-docs/build-document.ts';
import type { ApiDocument } from '../api-docs/document.ts';

/** The page styles some of its parts inline, with small pictures in the styles; all else it loads is a file of this server. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API's description at `/api-docs.json`, and a page to read and try it at `/api-docs`. Nothing is loaded from elsewhere. */
export async function registerApiDocs(
  app: FastifyInstance,
  { version }: { readonly version: string },
): Promise<void> {
  // Made when somebody first asks: it takes a while, and few do.
  let made: ApiDocument | undefined;
  const document = (): ApiDocument => {
    made ??= buildDocument(version);
    return made;
  };
  app.get('/api-docs.json', async () => document());

  const info = { title: 'claudecode-api', version };
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { openapi: '3.1.0', info, paths: {} } },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api-docs',
    staticCSP: contentSecurityPolicy,
    theme: { title: 'claudecode-api' },
    uiConfig: { docExpansion: 'list', filter: true, tryItOutEnabled: true, validatorUrl: null },
    transformSpecification: () => ({ ...document() }),
    transformSpecificationClone: false,
  });
}
