import type { z } from 'zod';

/**
 * Who may call: anybody; whoever has signed in, also before the first password is changed or a required two-factor
 * sign-in set up; viewers; admins.
 */
export type Access = 'public' | 'session' | 'viewer' | 'admin';

/** One operation of the console's API. Paths have `{names}` of `params`; a `query` arrives as text. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/api/webui/${string}`;
  readonly access: Access;
  /** One sentence, for the API's documentation. */
  readonly summary: string;
  readonly tag: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A schema for JSON; `file` for a download whose media type the answer names; `none` for 204. */
  readonly response: z.ZodType | 'file' | 'none';
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Sent<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type FieldOf<E, Name extends string> = E extends { readonly [Key in Name]: infer Schema }
  ? Schema
  : undefined;

/** What the server works with, after parsing. */
export type ParamsOf<E extends Endpoint> = Parsed<FieldOf<E, 'params'>>;
export type QueryOf<E extends Endpoint> = Parsed<FieldOf<E, 'query'>>;
export type BodyOf<E extends Endpoint> = Parsed<FieldOf<E, 'body'>>;
/** What a client may send. */
export type QueryInputOf<E extends Endpoint> = Sent<FieldOf<E, 'query'>>;
export type BodyInputOf<E extends Endpoint> = Sent<FieldOf<E, 'body'>>;
/** The JSON that comes back; undefined for `none`, and for `file`, which is read from the response itself. */
export type ResponseOf<E extends Endpoint> = Parsed<FieldOf<E, 'response'>>;
