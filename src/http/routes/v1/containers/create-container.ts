import type { FastifyInstance } from 'fastify';
import { decodeContainerCreate, fileNotFound } from '../../../../openai/index.ts';
import { tellContainer } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { placeInContainer } from '../../../files/place-in-container.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { newId } from '../../../new-id.ts';
import { reportIgnored } from '../../../report-ignored.ts';
import { unparsableBody } from '../../../wire-errors.ts';

/** A container that a client makes has a workspace of its own, named like it. */
export function registerCreateContainer(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.post('/v1/containers', async (request, reply) => {
    const { owner } = await identifyCaller(authenticator, request);
    if (request.body === undefined) throw unparsableBody();
    const { name, expiresAfterMinutes = null, fileIds, ignored } = decodeContainerCreate(request.body);
    const found = await services.files.find(owner, fileIds);
    const copied = fileIds.map((id, index) => {
      const file = found.get(id);
      if (file === undefined) throw fileNotFound(id, `file_ids[${index}]`);
      return file;
    });
    const id = newId('cntr_');
    const now = Date.now();
    const container = {
      id,
      owner,
      workspaceId: id,
      name,
      createdAt: now,
      lastActiveAt: now,
      expiresAfterMinutes,
    };
    await services.containers.create(container);
    try {
      for (const file of copied) await placeInContainer(container, file, services);
    } catch (error) {
      await services.containers.delete(owner, id);
      await services.workspaces.removeWorkspace(container);
      throw error;
    }
    reportIgnored(ignored, reply, services.logger);
    return tellContainer(container);
  });
}
