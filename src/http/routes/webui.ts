import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Everything that the console loads and calls is a file or a path of this server; styles and scripts are in files. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const notBuilt =
  'The console is not built. Run `npm run build` (or `npm run build:console`) and load this page again.\n';

/** In the repository the sources run beside what was built; in the package both are below `dist`. */
const builtDirectories = ['../../console', '../../../dist/console'].map((relative) =>
  path.join(import.meta.dirname, relative),
);

/**
 * The web console below `/webui`. Its files are named by what is in them and kept by browsers for good; the page itself is
 * asked for again each time, and stands for every address that is no file: the console knows what to show there.
 * `directory`: instead of where the build puts it.
 */
export async function registerWebui(
  app: FastifyInstance,
  { directory }: { readonly directory?: string } = {},
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(fastifyStatic, {
      serve: false,
      // Each answer names its own; this one has to be there.
      root: import.meta.dirname,
      preCompressed: true,
      cacheControl: false,
    });
    scope.addHook('onSend', async (_request, reply) => {
      reply.headers(headers);
    });
    scope.get('/webui', async (_request, reply) => sendPage(reply, findBuilt(directory)));
    // Whoever has such an address may look: neither caches nor search engines are to have it.
    scope.get('/webui/share/*', async (_request, reply) =>
      sendPage(reply.header('x-robots-tag', 'noindex, nofollow'), findBuilt(directory), 'no-store'),
    );
    scope.get<{ Params: { '*': string } }>('/webui/*', async (request, reply) => {
      const built = findBuilt(directory);
      const file = request.params['*'];
      if (built === undefined || !isFile(file)) return sendPage(reply, built);
      if (!existsSync(path.join(built, file))) return notFound(reply);
      const cached = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return sendFile(reply.header('cache-control', cached), built, file);
    });
  });
}

function sendPage(reply: FastifyReply, built: string | undefined, cached = 'no-cache'): FastifyReply {
  reply.header('cache-control', cached);
  if (built !== undefined) return sendFile(reply, built, 'index.html');
  return reply.code(503).type('text/plain; charset=utf-8').send(notBuilt);
}

function sendFile(reply: FastifyReply, root: string, file: string): FastifyReply {
  return reply.sendFile(file, root, { cacheControl: false });
}

/** After an update a page that is still open asks for files of the version before it. */
function notFound(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send('There is no such file in this version of the console.\n');
}

/** Of what the build writes. What else has a dot in it, such as a profile's name, is an address of a page. */
function isFile(name: string): boolean {
  return /^assets\/[\w.-]+$/.test(name) || name === 'icon.svg' || name === 'theme.js';
}

/** Looked for each time: it may be built while the server runs. */
function findBuilt(directory: string | undefined): string | undefined {
  const places = directory === undefined ? builtDirectories : [directory];
  return places.find((place) => existsSync(path.join(place, 'index.html')));
}
