import type { FastifyInstance } from 'fastify';
import { isHealthPath } from './health-path.ts';
import { foreignAccess } from './wire-errors.ts';

/**
 * Keeps web pages away from a server that asks for no key. A browser tells where a page comes from (`Origin`),
 * and a page that rebinds its own DNS name to this machine gives itself away by that name (`Host`).
 */
export interface LocalAccess {
  /** Refuses with a message that names the way out; null where the request may pass. */
  findForeign(headers: AccessHeaders): string | null;
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
export function guardLocalAccess(app: FastifyInstance, access: LocalAccess): void {
  app.addHook('onRequest', async (request) => {
    if (isHealthPath(request.url)) return;
    const refusal = access.findForeign(request.headers);
    if (refusal !== null) throw foreignAccess(refusal);
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
