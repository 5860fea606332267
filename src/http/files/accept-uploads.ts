import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes `multipart/form-data` and reads it by itself. */
    readonly takesForm?: boolean;
  }
}

/** Lets routes that say so take forms. The others read whatever comes as JSON: to be called after `parseJsonBodies`. */
export async function acceptUploads(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async ({ headers, routeOptions }) => {
    if (isForm(headers['content-type']) && routeOptions.config.takesForm !== true)
      headers['content-type'] = 'application/json';
  });
  // How large a file may be is for those to say who store it.
  await app.register(multipart, { throwFileSizeLimit: false });
}

function isForm(contentType: string | undefined): boolean {
  return /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType ?? '');
}
