import type { FastifyRequest } from 'fastify';
import { type FileTelling, fileModes, invalidValue } from '../../openai/index.ts';
import type { Profile } from '../../turn/index.ts';
import { linksFor } from './file-links.ts';
import type { FileServices } from './file-services.ts';

/** As the settings are now. */
export type FileDelivery = Omit<FileTelling, 'link'>;

const header = 'x-claudecode-files';

/** How the client of a request is told of files: as its header asks, else as its profile or the settings say. */
export function tellFiles(
  request: FastifyRequest,
  owner: string,
  { links }: Pick<FileServices, 'links'>,
  { profile, delivery }: { readonly profile: Pick<Profile, 'files'>; readonly delivery: FileDelivery },
): FileTelling {
  const asked = request.headers[header];
  const mode =
    asked === undefined ? (profile.files ?? delivery.mode) : fileModes.find((one) => one === asked);
  if (mode === undefined)
    throw invalidValue(header, `Invalid '${header}': expected one of ${fileModes.join(', ')}.`);
  return { ...delivery, mode, link: linksFor(request, owner, links) };
}
