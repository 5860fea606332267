/** Says who asks. Rejects with a `WireError` where nobody may. */
export interface Authenticator {
  authenticate(bearer: string | undefined, request: CallerInfo): Promise<Caller>;
}

interface CallerInfo {
  readonly requestId: string;
  readonly remoteAddress: string;
}

export interface Caller {
  /** Opaque; processes, transcripts and workspaces never cross owners. */
  readonly owner: string;
}

/** The token of an `Authorization: Bearer …` header; undefined where there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  return token === '' ? undefined : token;
}
