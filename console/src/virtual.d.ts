declare module 'virtual:endpoints' {
  /** By the endpoint's name: method, path with `{names}`, and what answers. */
  const endpoints: Readonly<
    Record<string, readonly [method: string, path: string, response: 'json' | 'file' | 'none']>
  >;
  export default endpoints;
}
