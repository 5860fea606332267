/** Whether a request's URL is one of the probes, which are open to everybody, at any time. */
export function isHealthPath(url: string): boolean {
  return /^\/health(?:[/?]|$)/.test(url);
}
