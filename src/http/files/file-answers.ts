import {
  type ContainerFileObject,
  type ContainerObject,
  encodeContainer,
  encodeContainerFile,
  encodeFileObject,
  type FileObject,
  filePurposes,
  WireError,
} from '../../openai/index.ts';
import type { StoredContainer, StoredContainerFile, StoredFile } from '../../storage/index.ts';

export function tellFile(file: StoredFile): FileObject {
  return encodeFileObject({
    ...file,
    createdAt: toSeconds(file.createdAt),
    expiresAt: file.expiresAt === null ? undefined : toSeconds(file.expiresAt),
    purpose: filePurposes.find((purpose) => purpose === file.purpose) ?? 'user_data',
  });
}

export function tellContainer(container: StoredContainer): ContainerObject {
  return encodeContainer({
    ...container,
    createdAt: toSeconds(container.createdAt),
    lastActiveAt: toSeconds(container.lastActiveAt),
    expiresAfterMinutes: container.expiresAfterMinutes ?? undefined,
  });
}

export function tellContainerFile(file: StoredContainerFile): ContainerFileObject {
  return encodeContainerFile({ ...file, createdAt: toSeconds(file.createdAt) });
}

export function containerNotFound(id: string, param?: string): WireError {
  return notFound(`Container with id '${id}' not found.`, param);
}

export function containerBusy(id: string): WireError {
  return new WireError({
    status: 409,
    type: 'invalid_request_error',
    message: `A run is at work in the container '${id}'; it can be deleted when that has ended.`,
    code: 'container_busy',
    shouldRetry: false,
  });
}

export function containerFileNotFound(id: string, containerId: string): WireError {
  return notFound(`File with id '${id}' not found in container '${containerId}'.`);
}

function notFound(message: string, param: string | null = null): WireError {
  return new WireError({ status: 404, type: 'invalid_request_error', message, param });
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
