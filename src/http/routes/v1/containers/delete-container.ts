import type { FastifyInstance } from 'fastify';
import { encodeContainerDeleted } from '../../../../openai/index.ts';
import { containerBusy } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainer } from '../../../files/find-container.ts';
import { forgetContainer } from '../../../files/forget-container.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerDeleteContainer(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.delete<{ Params: { id: string } }>('/v1/containers/:id', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    const container = await findContainer(caller, request.params.id, services);
    if (!(await forgetContainer(container, services))) throw containerBusy(container.id);
    return encodeContainerDeleted(container.id);
  });
}
