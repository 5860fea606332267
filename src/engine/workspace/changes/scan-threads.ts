import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Answers, ThreadRequest } from './scan-thread-messages.ts';

/** More threads than this do not make a look at 50,000 files quicker. */
const mostThreads = 4;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

interface ThreadMessage {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: string;
}

/**
 * The threads that look at workspaces, so that the server's own never waits for a disk. They start when they are first needed
 * and do not keep the process alive. A thread that fails has forgotten what it knew: `generation` tells.
 */
export class ScanThreads implements AsyncDisposable {
  readonly count: number;
  readonly #threads: (Thread | undefined)[] = [];
  #nextId = 0;
  #generation = 0;
  #closed = false;

  constructor(count = Math.min(mostThreads, availableParallelism())) {
    this.count = count;
  }

  /** Grows when a thread is lost with all that it knew. */
  get generation(): number {
    return this.#generation;
  }

  /** Asks one of the threads, `0` to `count - 1`. Throws where it fails. */
  async ask<Op extends ThreadRequest['op']>(
    index: number,
    request: Extract<ThreadRequest, { op: Op }>,
  ): Promise<Answers[Op]> {
    if (this.#closed) throw new Error('Detection of changes is closed.');
    const thread = this.#threadAt(index % this.count);
    const id = this.#nextId++;
    return new Promise<Answers[Op]>((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.ref();
      thread.worker.postMessage({ id, request });
    });
  }

  /** Ends the threads; what is still asked fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread?.worker.terminate()));
  }

  #threadAt(index: number): Thread {
    const running = this.#threads[index];
    if (running !== undefined) return running;
    const thread: Thread = { worker: startWorker(), waiting: new Map() };
    this.#threads[index] = thread;
    const { worker, waiting } = thread;
    const lose = (error: Error): void => {
      if (this.#threads[index] === thread) {
        this.#threads[index] = undefined;
        this.#generation++;
      }
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', ({ id, answer, failure }: ThreadMessage) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
      if (failure === undefined) asked?.resolve(answer as never);
      else asked?.reject(new Error(failure));
    });
    worker.on('error', lose);
    worker.on('exit', () => lose(new Error('The thread that looks at workspaces has ended.')));
    return thread;
  }
}

function startWorker(): Worker {
  const source = new URL('./scan-thread.ts', import.meta.url).href;
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(source.replace(/\.ts$/, '.js')));
  // From source, as tests and `npm run dev` run it: a thread does not inherit the means to load TypeScript.
  const load = `import('tsx/esm/api').then(({ register }) => register()).then(() => import(${JSON.stringify(source)}))`;
  return new Worker(load, { eval: true, execArgv: [] });
}
