import type {
  BodyInputOf,
  Endpoint,
  EndpointName,
  Endpoints,
  ParamsOf,
  QueryInputOf,
  ResponseOf,
} from '../../../src/contract/index.ts';

/** Numbers may be given as such, lists as arrays; undefined and '' are not sent. */
type QueryValue<Value> = unknown extends Value
  ? number | string | undefined
  : [string] extends [Value]
    ? Value | readonly string[] | undefined
    : Value | undefined;

type QueryPart<Query> = { readonly [Key in keyof Query]: QueryValue<Query[Key]> };

type ParamsPart<E> = E extends { readonly params: unknown }
  ? { readonly params: E extends Endpoint ? ParamsOf<E> : never }
  : unknown;
type BodyPart<E> = E extends { readonly body: unknown }
  ? { readonly body: E extends Endpoint ? BodyInputOf<E> : never }
  : unknown;
type QueryInput<E> = E extends Endpoint ? QueryPart<QueryInputOf<E>> : never;
type QueryOrNot<Query> =
  Record<never, never> extends Query ? { readonly query?: Query | undefined } : { readonly query: Query };
type QueryField<E> = E extends { readonly query: unknown } ? QueryOrNot<QueryInput<E>> : unknown;

/** What a call of an endpoint takes: `{params, query, body}`, of which it has only those that the endpoint has. */
export type CallInput<Name extends EndpointName> = ParamsPart<Endpoints[Name]> &
  BodyPart<Endpoints[Name]> &
  QueryField<Endpoints[Name]>;

/** The input may be left out where nothing of it is required. */
export type CallArguments<Name extends EndpointName> =
  Record<never, never> extends CallInput<Name> ? [input?: CallInput<Name>] : [input: CallInput<Name>];

export type Answer<Name extends EndpointName> = ResponseOf<Endpoints[Name]>;

type NamesWith<Method> = {
  [Name in EndpointName]: Endpoints[Name] extends { readonly method: Method } ? Name : never;
}[EndpointName];
type FileName = {
  [Name in EndpointName]: Endpoints[Name] extends { readonly response: 'file' } ? Name : never;
}[EndpointName];

/** Endpoints that only read, and answer in JSON. */
export type QueryName = Exclude<NamesWith<'GET'>, FileName>;
/** Endpoints that answer with a download. */
export type DownloadName = FileName;
/** Endpoints that change something. */
export type ChangeName = Exclude<EndpointName, NamesWith<'GET'>>;
/** Endpoints whose answer has `items` and `nextCursor`. */
export type PageName = {
  [Name in QueryName]: Answer<Name> extends { readonly nextCursor: string | null } ? Name : never;
}[QueryName];
