import { sentInput } from './call.ts';
import type { CallInput, DownloadName } from './call-types.ts';
import { endpointPath } from './send.ts';

/** The address of a download, for a link or a new tab. */
function downloadPath<Name extends DownloadName>(name: Name, input: CallInput<Name>): string {
  return endpointPath(name, sentInput(input));
}

/** Lets the browser save a download of the server; it streams to disk. */
export function download<Name extends DownloadName>(name: Name, input: CallInput<Name>): void {
  follow(downloadPath(name, input), '');
}

/** Lets the browser save what the page itself has. */
export function saveText(filename: string, text: string, mediaType = 'text/plain'): void {
  saveBlob(filename, new Blob([text], { type: `${mediaType};charset=utf-8` }));
}

/** As `saveText`, for what is no text. */
export function saveBlob(filename: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  follow(url, filename);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function follow(href: string, filename: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = filename;
  link.click();
}
