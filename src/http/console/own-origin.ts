import type { FastifyRequest } from 'fastify';

type Asked = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>;

/**
 * Whether a request comes from a page of this server, or from no web page at all. Browsers say where a page comes from
 * (`Origin`, `Sec-Fetch-Site`), and no page can make them say something else. Behind a proxy that hands on another
 * `Host`, the browser's own word `same-origin` decides.
 */
export function isOwnOrigin(request: Asked): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  return isOwn(origin, request) || site === 'same-origin';
}

function isOwn(origin: string, { protocol, host }: Asked): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  // The other way round is a proxy that ends TLS.
  if (from.protocol === 'http:' && protocol === 'https') return false;
  const own = `${from.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === from.host;
}
