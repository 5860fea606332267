import type { FastifyInstance } from 'fastify';
import type { FileDeps } from '../../../files/file-deps.ts';
import { registerCreateContainer } from './create-container.ts';
import { registerCreateContainerFile } from './create-container-file.ts';
import { registerDeleteContainer } from './delete-container.ts';
import { registerDeleteContainerFile } from './delete-container-file.ts';
import { registerGetContainer } from './get-container.ts';
import { registerGetContainerArchive } from './get-container-archive.ts';
import { registerGetContainerFile } from './get-container-file.ts';
import { registerGetContainerFileContent } from './get-container-file-content.ts';
import { registerListContainerFiles } from './list-container-files.ts';
import { registerListContainers } from './list-containers.ts';

export function registerContainers(app: FastifyInstance, deps: FileDeps): void {
  registerCreateContainer(app, deps);
  registerListContainers(app, deps);
  registerGetContainer(app, deps);
  registerDeleteContainer(app, deps);
  registerGetContainerArchive(app, deps);
  registerCreateContainerFile(app, deps);
  registerListContainerFiles(app, deps);
  registerGetContainerFile(app, deps);
  registerGetContainerFileContent(app, deps);
  registerDeleteContainerFile(app, deps);
}
