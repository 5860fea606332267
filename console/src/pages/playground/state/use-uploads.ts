import { useState } from 'react';
import { errorMessage } from '../../../api/console-error.ts';
import { uploadFile } from '../api/upload-file.ts';

export interface Upload {
  readonly id: string;
  readonly file: File;
  /** 0 to 1. */
  readonly share: number;
  /** Once it is there. */
  readonly fileId: string | undefined;
  readonly error: string | undefined;
  readonly cancel: () => void;
}

export interface Uploads {
  readonly list: readonly Upload[];
  /** All that is listed is there. */
  readonly ready: boolean;
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: string) => void;
  readonly retry: (id: string) => void;
  readonly clear: () => void;
}

/** Files on their way to the server, before they are sent with a message. */
export function useUploads(secret: string | undefined): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const change = (id: string, next: Partial<Upload>): void =>
    setList((before) => before.map((one) => (one.id === id ? { ...one, ...next } : one)));
  const start = (file: File, id: string): Upload => {
    const { done, cancel } = uploadFile(file, secret, (share) => change(id, { share }));
    done.then(
      (fileId) => change(id, { fileId, share: 1 }),
      (error: unknown) => change(id, { error: errorMessage(error) }),
    );
    return { id, file, share: 0, fileId: undefined, error: undefined, cancel };
  };
  return {
    list,
    ready: list.every(({ fileId }) => fileId !== undefined),
    add: (files) => {
      const added = files.map((file) => start(file, crypto.randomUUID()));
      setList((before) => [...before, ...added]);
    },
    remove: (id) => {
      list.find((one) => one.id === id)?.cancel();
      setList((before) => before.filter((one) => one.id !== id));
    },
    retry: (id) => {
      const failed = list.find((one) => one.id === id);
      if (failed === undefined) return;
      const again = start(failed.file, id);
      setList((before) => before.map((one) => (one.id === id ? again : one)));
    },
    clear: () => setList([]),
  };
}
