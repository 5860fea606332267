import type { FastifyInstance } from 'fastify';
import { tellContainer } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainer } from '../../../files/find-container.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerGetContainer(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string } }>('/v1/containers/:id', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    return tellContainer(await findContainer(caller, request.params.id, services));
  });
}
