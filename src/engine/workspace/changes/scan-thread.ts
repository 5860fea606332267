import { parentPort } from 'node:worker_threads';
import { ScanHost } from './scan-host.ts';
import type { ThreadRequest } from './scan-thread-messages.ts';

// The entry of a thread: answers what ScanThreads asks, in order.

const host = new ScanHost();
let idling = false;

function idle(): void {
  idling = host.idle();
  if (idling) setImmediate(idle);
}

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: ThreadRequest }) => {
  try {
    parentPort?.postMessage({ id, answer: host.answer(request) });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
  if (idling) return;
  idling = true;
  setImmediate(idle);
});
