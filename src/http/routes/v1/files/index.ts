import type { FastifyInstance } from 'fastify';
import type { FileDeps } from '../../../files/file-deps.ts';
import { registerCreateFile } from './create-file.ts';
import { registerDeleteFile } from './delete-file.ts';
import { registerGetFile } from './get-file.ts';
import { registerGetFileContent } from './get-file-content.ts';
import { registerListFiles } from './list-files.ts';

export function registerFiles(app: FastifyInstance, deps: FileDeps): void {
  registerCreateFile(app, deps);
  registerListFiles(app, deps);
  registerGetFile(app, deps);
  registerGetFileContent(app, deps);
  registerDeleteFile(app, deps);
}
