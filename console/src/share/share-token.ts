const path = /^\/webui\/share\/([^/]+)\/?$/;

/** The token in the address of a public link; undefined for every other page. */
export function shareTokenOf(pathname: string): string | undefined {
  return path.exec(pathname)?.[1];
}

/** Where a public link leads, with the origin by which this page was reached. */
export function shareAddress(token: string): string {
  return `${location.origin}/webui/share/${token}`;
}
