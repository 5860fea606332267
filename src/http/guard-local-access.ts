import type { FastifyInstance } from 'fastify';
import { isOperatorRequest } from './console/console-path.ts';
import { isHealthPath } from './health-path.ts';
import { foreignAccess } from './wire-errors.ts';

/**
 * Keeps web pages away from a server that asks for no key. A browser tells where a page comes from (`Origin`),
 * and a page that rebinds its own DNS name to this machine gives itself away by that name (`Host`).
 */
export interface LocalAccess {
  /** Refuses with a message that names the way out; null where the request may pass. */
  findForeign(headers: AccessHeaders): string | null;
  /** Whether a `Host` is one of this server's own names. */
  knowsHost(host: string | undefined): boolean;
  /** Whether a page of this origin may read answers. */
  trustsOrigin(origin: string): boolean;
}

interface AccessHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

export interface LocalAccessRules {
  /** The listen address. */
  readonly host: string;
  /** CORS_ORIGIN; `*` trusts nobody here. */
  readonly corsOrigins: '*' | readonly string[];
}

export function createLocalAccess(rules: LocalAccessRules): LocalAccess {
  const listed = new Set(rules.corsOrigins === '*' ? [] : rules.corsOrigins.map(normalOrigin));
  const ownName = hostnameOf(rules.host) ?? hostnameOf(`[${rules.host}]`);
  const listedNames = new Set([...listed].map((origin) => hostnameOf(originHost(origin) ?? '')));

  const isOurs = (name: string): boolean => isLoopback(name) || (name === ownName && !isWildcard(name));
  const isKnownHost = (host: string): boolean => {
    const name = hostnameOf(host);
    return name !== undefined && (isOurs(name) || listedNames.has(name));
  };
  const trustsOrigin = (origin: string): boolean => {
    if (listed.has(normalOrigin(origin))) return true;
    const name = hostnameOf(originHost(origin) ?? '');
    return name !== undefined && isOurs(name);
  };

  return {
    trustsOrigin,
    knowsHost: (host) => host === undefined || host === '' || isKnownHost(host),
    findForeign({ host, origin }) {
      // Every browser sends a Host; a client without one (HTTP/1.0) is no web page.
      if (host !== undefined && host !== '' && !isKnownHost(host)) return foreignHost(host);
      if (origin === undefined || trustsOrigin(origin)) return null;
      if (host !== undefined && originHost(origin) === host.toLowerCase()) return null;
      return foreignOrigin(origin);
    },
  };
}

/** Answers 403 to foreign pages on every route but the health probes; preflights included, so goes before CORS. */
export function guardLocalAccess(app: FastifyInstance, access: () => LocalAccess | undefined): void {
  app.addHook('onRequest', async (request) => {
    if (isHealthPath(request.url)) return;
    const refusal = access()?.findForeign(request.headers) ?? null;
    if (refusal !== null) throw foreignAccess(refusal);
  });
}

/**
 * Keeps the console to the server's own names, whether keys are asked for or not: a page that rebinds its own name to
 * this machine would otherwise be of the console's origin and could try to sign in.
 */
export function guardConsoleHost(app: FastifyInstance, rules: () => LocalAccess): void {
  app.addHook('onRequest', async (request) => {
    const { host } = request.headers;
    if (!isOperatorRequest(request) || rules().knowsHost(host)) return;
    throw foreignAccess(
      `The console answers only under the server's own names, not as "${(host ?? '').slice(0, 200)}". ` +
        'Call it as localhost, list the origin of that name in CORS_ORIGIN, or set TRUST_PROXY where a proxy is in front.',
    );
  });
}

function foreignHost(host: string): string {
  return (
    `This server asks for no API key and so answers only under its own names, not as "${host.slice(0, 200)}". ` +
    'Call it as localhost, set OPENAI_API_KEY_REQUIRED=true, or list the origin of that name in CORS_ORIGIN.'
  );
}

function foreignOrigin(origin: string): string {
  return (
    `This server asks for no API key and so refuses web pages of other origins, here "${origin.slice(0, 200)}". ` +
    'Set OPENAI_API_KEY_REQUIRED=true, or list the origin in CORS_ORIGIN.'
  );
}

function normalOrigin(origin: string): string {
  return origin.trim().replace(/\/+$/, '').toLowerCase();
}

/** `host[:port]` of an http(s) origin. */
function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)$/.exec(normalOrigin(origin))?.[1];
}

/** The host name of `host[:port]`, IPv4 and IPv6 addresses in their normal form (so that `127.1` is seen for what it is). */
function hostnameOf(host: string): string | undefined {
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host)) return undefined;
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127(?:\.\d{1,3}){3}$/.test(name) ||
    name === '[::1]' ||
    /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(name)
  );
}

function isWildcard(name: string): boolean {
  return name === '0.0.0.0' || name === '[::]';
}
