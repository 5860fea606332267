import { textField } from '../../../agent/json-object.ts';
import { failureOf } from './failure.ts';

export interface UploadHandle {
  /** The id of the file; rejects with why it could not be taken. */
  readonly done: Promise<string>;
  readonly cancel: () => void;
}

/** Sends a file to `/v1/files`. `onProgress` is told the share that has gone out, 0 to 1. `fetch` tells no progress. */
export function uploadFile(
  file: File,
  secret: string | undefined,
  onProgress: (share: number) => void,
): UploadHandle {
  const request = new XMLHttpRequest();
  const done = new Promise<string>((resolve, reject) => {
    request.open('POST', '/v1/files');
    request.responseType = 'json';
    if (secret !== undefined) request.setRequestHeader('authorization', `Bearer ${secret}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const body: unknown = request.response;
      const id = textField(body, 'id');
      if (request.status < 300 && id !== undefined) resolve(id);
      else reject(new Error(failureOf(body, { status: request.status }).message));
    };
    request.onerror = () => reject(new Error('The server cannot be reached.'));
    request.onabort = () => reject(new Error('The upload was cancelled.'));
    const form = new FormData();
    form.set('purpose', 'user_data');
    form.set('file', file);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}
