import { approvalEndpoints } from './approvals.ts';
import { auditEndpoints } from './audit.ts';
import { conversationEndpoints } from './conversations.ts';
import type { Endpoint } from './endpoint.ts';
import { keyEndpoints } from './keys.ts';
import { profileEndpoints } from './profiles.ts';
import { recordEndpoints, runEndpoints } from './records.ts';
import { sessionEndpoints } from './session.ts';
import { settingsEndpoints } from './settings.ts';
import { shareEndpoints } from './shares.ts';
import { statsEndpoints } from './stats.ts';
import { systemEndpoints } from './system.ts';
import { twoFactorEndpoints } from './two-factor.ts';
import { userEndpoints } from './users.ts';
import { viewEndpoints } from './views.ts';
import { workspaceEndpoints } from './workspaces.ts';

/** The whole API of the console, by name. The server answers each of them; the console calls them by these names. */
export const endpoints = {
  ...sessionEndpoints,
  ...twoFactorEndpoints,
  ...userEndpoints,
  ...keyEndpoints,
  ...profileEndpoints,
  ...settingsEndpoints,
  ...auditEndpoints,
  ...recordEndpoints,
  ...runEndpoints,
  ...shareEndpoints,
  ...approvalEndpoints,
  ...workspaceEndpoints,
  ...conversationEndpoints,
  ...statsEndpoints,
  ...viewEndpoints,
  ...systemEndpoints,
} as const satisfies Readonly<Record<string, Endpoint>>;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
