import type { FastifyRequest } from 'fastify';

type Asked = Pick<FastifyRequest, 'routeOptions' | 'url'>;

/** Whether a request is for the console's API. */
export function isConsoleRequest(request: Asked): boolean {
  return isBelow(pathOf(request), '/api/webui');
}

/** Whether a request is for the console, its API, or what else is for people rather than for programs of others. */
export function isOperatorRequest(request: Asked): boolean {
  const path = pathOf(request);
  return ['/api/webui', '/webui', '/ws', '/metrics'].some((root) => isBelow(path, root));
}

/** By the route, or by the URL where it has none of its own. */
function pathOf({ routeOptions, url }: Asked): string {
  const route = routeOptions.url;
  return route === undefined || route.startsWith('*') ? decodedPath(url) : route;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/** As the router sees it: `/api/%77ebui` is `/api/webui`. */
function decodedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
