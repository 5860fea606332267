import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../access/index.ts';
import {
  type BodyOf,
  type Endpoint,
  type EndpointName,
  type Endpoints,
  endpoints,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
} from '../../contract/index.ts';
import { attachment } from '../files/content-disposition.ts';
import { type ContentFacts, type OpenContent, sendContent } from '../files/send-content.ts';
import type { ConsoleSessions, SignedIn, Visitor } from './console-services.ts';
import { guardEndpoint } from './guard-endpoint.ts';
import { parseInput } from './parse-input.ts';

/** What a handler works with, after parsing. */
export interface Call<E extends Endpoint> {
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  /** Undefined where the endpoint is for everybody. */
  readonly session: E['access'] extends 'public' ? undefined : SignedIn;
  readonly visitor: Visitor;
  /** Who signs for a change. */
  readonly actor: Actor;
  /** For cookies; the answer itself is what the handler returns. */
  readonly reply: FastifyReply;
}

/** A download that is made as it is read. */
export interface FileAnswer {
  readonly contentType: string;
  readonly filename: string;
  /** Is destroyed when the client leaves. */
  readonly content: Readable;
}

/** A file as it is, of which parts may be asked for. */
export interface ContentAnswer {
  readonly facts: ContentFacts;
  /** Is closed whatever becomes of the answer. */
  readonly content: OpenContent;
}

type Answer<E extends Endpoint> = E['response'] extends 'file'
  ? FileAnswer | ContentAnswer
  : E['response'] extends 'none'
    ? unknown
    : Unchanging<ResponseOf<E>>;

/** A service may keep what it hands out. */
type Unchanging<Value> = Value extends readonly (infer Item)[]
  ? readonly Unchanging<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Unchanging<Value[Key]> }
    : Value;

export type Handler<E extends Endpoint> = (call: Call<E>) => Answer<E> | Promise<Answer<E>>;

/** One handler for each endpoint of a part of the map, and none besides. */
export type HandlersOf<Part extends Readonly<Record<string, Endpoint>>> = {
  readonly [Name in keyof Part]: Handler<Part[Name]>;
};

const bodyLimit = 1024 * 1024;

/**
 * Puts an endpoint on its path. Whoever may not call it is refused before the body is read. Answers go out as their
 * schema knows them: a field that it does not have, such as a hash, cannot get out.
 */
export function handleEndpoint<Name extends EndpointName>(
  app: FastifyInstance,
  name: Name,
  handler: Handler<Endpoints[Name]>,
  sessions: Pick<ConsoleSessions, 'resume'>,
): void {
  const endpoint: Endpoint = endpoints[name];
  const admitted = new WeakMap<FastifyRequest, SignedIn>();
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit,
    // A HEAD would run a whole export.
    exposeHeadRoute: endpoint.response !== 'file',
    onRequest: async (request) => {
      const session = await guardEndpoint(endpoint, request, sessions);
      if (session !== undefined) admitted.set(request, session);
    },
    handler: async (request, reply) => {
      const session = admitted.get(request);
      const call = {
        ...parseInput(endpoint, request),
        session,
        visitor: visitorOf(request),
        actor: { name: session?.username ?? '', address: request.ip },
        reply,
      };
      // The compiler cannot see that the schemas parsed are those of the very endpoint that the handler is for.
      const answer = await handler(call as Call<Endpoints[Name]>);
      return send(reply, endpoint, answer);
    },
  });
}

function send(
  reply: FastifyReply,
  { response }: Endpoint,
  answer: unknown,
): FastifyReply | Promise<FastifyReply> {
  if (response === 'none') return reply.code(204).send();
  if (response !== 'file') return reply.send(response.parse(answer));
  const file = answer as FileAnswer | ContentAnswer;
  if ('facts' in file) return sendContent(reply.request, reply, file.facts, file.content);
  const { contentType, filename, content } = file;
  reply.headers({ 'content-type': contentType, 'content-disposition': attachment(filename) });
  return reply.send(content);
}

function visitorOf({ ip, headers }: FastifyRequest): Visitor {
  return { address: ip, client: (headers['user-agent'] ?? '').slice(0, 200) };
}
