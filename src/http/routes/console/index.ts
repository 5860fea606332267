import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type EndpointName, type Endpoints, endpoints } from '../../../contract/index.ts';
import type { ConsoleServices } from '../../console/console-services.ts';
import { type HandlersOf, handleEndpoint } from '../../console/handle-endpoint.ts';
import { hardenConsoleAnswers } from '../../console/harden-answers.ts';
import { approvalHandlers } from './approvals.ts';
import { auditHandlers } from './audit.ts';
import { conversationHandlers } from './conversations.ts';
import { keyHandlers } from './keys.ts';
import { profileHandlers } from './profiles.ts';
import { recordHandlers } from './records.ts';
import { runHandlers } from './runs.ts';
import { sessionHandlers } from './session.ts';
import { settingsHandlers } from './settings.ts';
import { shareHandlers } from './shares.ts';
import { statsHandlers } from './stats.ts';
import { systemHandlers } from './system.ts';
import { twoFactorHandlers } from './two-factor.ts';
import { userHandlers } from './users.ts';
import { viewHandlers } from './views.ts';
import { workspaceHandlers } from './workspaces.ts';

export interface ConsoleDeps {
  readonly console: ConsoleServices;
  readonly logger: Logger;
}

/** All of /api/webui: each endpoint of the contract with its one handler. */
export function registerConsole(app: FastifyInstance, { console: services, logger }: ConsoleDeps): void {
  // Cookies are read where they are needed, not with every request to /v1.
  void app.register(cookie, { hook: false });
  hardenConsoleAnswers(app);
  const handlers: HandlersOf<Endpoints> = {
    ...sessionHandlers(services),
    ...twoFactorHandlers(services.twoFactor),
    ...userHandlers(services.users),
    ...keyHandlers(services.keys),
    ...profileHandlers(services.profiles),
    ...settingsHandlers(services.settings),
    ...auditHandlers(services.audit),
    ...recordHandlers(services.records, (error) => logger.error({ err: error }, 'an export broke off')),
    ...runHandlers(services.runs),
    ...shareHandlers(services.shares),
    ...approvalHandlers(services.approvals),
    ...workspaceHandlers(services.workspaces),
    ...conversationHandlers(services.conversations),
    ...statsHandlers(services.records),
    ...viewHandlers(services.views),
    ...systemHandlers(services.system),
  };
  for (const name of Object.keys(endpoints) as EndpointName[]) register(app, name, handlers, services);
}

function register<Name extends EndpointName>(
  app: FastifyInstance,
  name: Name,
  handlers: HandlersOf<Endpoints>,
  { sessions }: Pick<ConsoleServices, 'sessions'>,
): void {
  handleEndpoint(app, name, handlers[name], sessions);
}
