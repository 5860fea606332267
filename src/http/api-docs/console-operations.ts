import type { z } from 'zod';
import {
  activeRun,
  apiKeyWithUsage,
  auditEntry,
  check,
  codeChallenge,
  type Endpoint,
  endpoints,
  keyLimits,
  keyPermissions,
  liveMetrics,
  profile,
  recordDetail,
  requestRecord,
  session,
  sessionEntry,
  setting,
  sharedRun,
  shareLink,
  stats,
  timelineEntry,
  user,
  view,
} from '../../contract/index.ts';
import { consoleExamples } from './console-examples.ts';
import type { DocumentMethod, Operation, PlacedOperation, Reference, ResponseObject } from './document.ts';
import { nameSchemas, type SchemaBook } from './schema-book.ts';

nameSchemas('output', {
  ActiveRun: activeRun,
  ApiKey: apiKeyWithUsage,
  AuditEntry: auditEntry,
  Check: check,
  CodeChallenge: codeChallenge,
  KeyLimits: keyLimits,
  KeyPermissions: keyPermissions,
  LiveMetrics: liveMetrics,
  Profile: profile,
  RecordDetail: recordDetail,
  RequestRecord: requestRecord,
  Session: session,
  SessionEntry: sessionEntry,
  Setting: setting,
  SharedRun: sharedRun,
  ShareLink: shareLink,
  Stats: stats,
  TimelineEntry: timelineEntry,
  User: user,
  View: view,
});

/** What operations of /v1 are called, too. */
const takenNames: Readonly<Record<string, string>> = {
  getConversation: 'getStoredConversation',
  deleteConversation: 'deleteStoredConversation',
};

/** The operations of /api/webui, from the map by which the server answers them. */
export function consoleOperations(book: SchemaBook): PlacedOperation[] {
  return Object.entries<Endpoint>(endpoints).map(([name, endpoint]) => ({
    path: endpoint.path,
    method: endpoint.method.toLowerCase() as DocumentMethod,
    operation: describe(name, endpoint, book),
  }));
}

function describe(name: string, endpoint: Endpoint, book: SchemaBook): Operation {
  const { params, query, body } = endpoint;
  const parameters = [
    ...(params ? book.parameters('path', params) : []),
    ...(query ? book.parameters('query', query) : []),
  ];
  return {
    operationId: takenNames[name] ?? name,
    tags: [`Console: ${endpoint.tag}`],
    summary: endpoint.summary,
    description: whoMayCall[endpoint.access],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: describeBody(name, body, book) }),
    responses: {
      ...describeAnswer(endpoint, book),
      ...describeRefusals(endpoint),
    },
    security: describeSecurity(endpoint),
  };
}

const whoMayCall: Readonly<Record<Endpoint['access'], string>> = {
  public: 'For everybody.',
  session:
    'For whoever is signed in, also before the first password is changed or a required two-factor sign-in set up.',
  viewer: 'For viewers and admins.',
  admin: 'For admins.',
};

function describeBody(name: string, body: z.ZodType, book: SchemaBook) {
  const example = Object.entries(consoleExamples).find(([of]) => of === name)?.[1];
  const schema = book.input(body, { strict: true });
  return { required: true, content: { 'application/json': { schema, example } } };
}

function describeAnswer({ response }: Endpoint, book: SchemaBook): Record<string, ResponseObject> {
  if (response === 'none') return { 204: { description: 'Done.' } };
  if (response !== 'file') {
    return {
      200: { description: 'OK.', content: { 'application/json': { schema: book.output(response) } } },
    };
  }
  const content = {
    'text/csv': { schema: { type: 'string' } },
    'application/jsonl': { schema: { type: 'string' } },
  } as const;
  return { 200: { description: fileDescription, content } };
}

const fileDescription =
  'The file. In CSV, a cell that a spreadsheet would take for a formula begins with an apostrophe.';

function describeRefusals({ method, access, params, body }: Endpoint): Record<string, Reference> {
  const error = (description: string): Reference => ({ $ref: '#/components/responses/Error', description });
  return {
    400: error('Something in the request is wrong; `param` names it.'),
    ...(access === 'public'
      ? {
          ...(method === 'POST' && { 401: error('User name, password or code is wrong.') }),
          429: error('Too many attempts; see `retry-after`.'),
        }
      : { 401: error('Nobody is signed in.') }),
    ...((method !== 'GET' || access === 'viewer' || access === 'admin') && {
      403: error('The role does not allow it, the password must be changed first, or the request is forged.'),
    }),
    ...(params && { 404: error('There is no such thing.') }),
    ...(body && { 409: error('It contradicts what is there.') }),
    default: error('Another refusal.'),
  };
}

function describeSecurity({ method, access }: Endpoint): Operation['security'] {
  if (access === 'public') return [{}];
  const csrf = method === 'GET' ? {} : { csrfToken: [] };
  return [
    { session: [], ...csrf },
    { secureSession: [], ...csrf },
  ];
}
