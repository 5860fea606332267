import { z } from 'zod';
import { permissionMode, slug, time } from './common.ts';

const toolNames = z.array(z.string().min(1).max(200)).max(300);
const hostPattern = z
  .string()
  .max(253)
  .regex(
    /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i,
    'use a host name such as example.com or *.example.com',
  );
const serverName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'use letters, digits, dash and underscore, at most 64 characters');
/** In answers every value is `***`, as in the query of a URL; sent back so, the value stays as it is. */
const secretValues = z.record(z.string().min(1).max(200), z.string().max(10_000)).default({});

export const maskedSecret = '***';

const profileMcpServer = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['http', 'sse']), url: z.url(), headers: secretValues }),
  z.object({
    type: z.literal('stdio'),
    command: z.string().min(1).max(1000),
    args: z.array(z.string().max(2000)).max(100).default([]),
    env: secretValues,
  }),
]);

const profileSubagent = z.object({
  description: z.string().min(1).max(2000),
  prompt: z.string().min(1).max(100_000),
  /** Null: those of the agent. */
  tools: toolNames.nullable().default(null),
  /** Null: that of the agent. */
  model: z.string().max(200).nullable().default(null),
});

/** Null: the server's own setting. */
export const profileSpec = z.object({
  description: z.string().max(2000).default(''),
  model: z.string().min(1).max(200).nullable().default(null),
  smallModel: z.string().min(1).max(200).nullable().default(null),
  effort: z.enum(['none', 'low', 'medium', 'high', 'xhigh', 'max']).nullable().default(null),
  /** `append`: Claude Code's own prompt, then this text, then the client's. `replace`: without Claude Code's own. */
  systemPrompt: z
    .object({ mode: z.enum(['append', 'replace']), text: z.string().max(200_000) })
    .default({ mode: 'append', text: '' }),
  builtInTools: z.union([z.enum(['all', 'none']), toolNames]).default('all'),
  permissionMode: permissionMode.nullable().default(null),
  mcpServers: z.record(serverName, profileMcpServer).default({}),
  skills: z.union([z.enum(['all', 'none']), toolNames]).default('none'),
  subagents: z.record(serverName, profileSubagent).default({}),
  maxTurns: z.int().positive().max(10_000).nullable().default(null),
  maxBudgetUsd: z.number().positive().max(1e6).nullable().default(null),
  /** `owner`: that of whoever asks. `conversation`: one of the conversation alone. `none`: an empty one. */
  workspace: z.enum(['owner', 'conversation', 'none']).default('owner'),
  /** How files that a run made are told in Chat Completions, where the request does not say. */
  files: z.enum(['inline', 'links', 'off']).nullable().default(null),
  /** What shell commands may reach, where there is a sandbox; a leading `*.` stands for any subdomain. */
  network: z.union([z.enum(['all', 'none']), z.array(hostPattern).max(200)]).default('all'),
});
export type ProfileSpec = z.output<typeof profileSpec>;

export const profile = profileSpec.extend({
  name: slug,
  /** `default`: comes with the server and is unchanged. `changed`: comes with the server, was edited. */
  origin: z.enum(['default', 'changed', 'own']),
  updatedAt: time.nullable(),
  updatedBy: z.string().nullable(),
});
export type ProfileEntry = z.output<typeof profile>;

const nameParams = z.object({ name: slug });

export const profileEndpoints = {
  listProfiles: {
    method: 'GET',
    path: '/api/webui/profiles',
    access: 'viewer',
    tag: 'Profiles',
    summary: 'The profiles that are offered as models.',
    response: z.object({ items: z.array(profile) }),
  },
  getProfile: {
    method: 'GET',
    path: '/api/webui/profiles/{name}',
    access: 'viewer',
    tag: 'Profiles',
    summary: 'One profile.',
    params: nameParams,
    response: profile,
  },
  putProfile: {
    method: 'PUT',
    path: '/api/webui/profiles/{name}',
    access: 'admin',
    tag: 'Profiles',
    summary: 'Makes or replaces a profile; requests that begin from now on get it.',
    params: nameParams,
    body: profileSpec,
    response: profile,
  },
  deleteProfile: {
    method: 'DELETE',
    path: '/api/webui/profiles/{name}',
    access: 'admin',
    tag: 'Profiles',
    summary: 'Removes a profile; one that comes with the server is as it was at first.',
    params: nameParams,
    response: 'none',
  },
} as const;
