import { diffTexts } from './diff-texts.ts';
import { measureUsage } from './measure-usage.ts';
import { readContent } from './read-content.ts';
import { type ScanResult, ScanShard } from './scan-shard.ts';
import type { Answers, ThreadRequest } from './scan-thread-messages.ts';

/** What cannot be read ahead in this time is read bit by bit when nothing else is asked. */
const firstFillMilliseconds = 100;
const fillMilliseconds = 10;

/** The part of detection that lives in a thread of its own, where it may block: it looks at directories and reads files. */
export class ScanHost {
  readonly #shards = new Map<number, ScanShard>();
  readonly #filling = new Set<ScanShard>();

  answer(request: ThreadRequest): Answers[ThreadRequest['op']] {
    switch (request.op) {
      case 'scan':
        return this.#scan(request);
      case 'read':
        return request.paths.map((path) => readContent(request.root, path, request.limits));
      case 'diff':
        return diffTexts(request.pair);
      case 'usage':
        return measureUsage(request.root, request.hidden, request.maxFiles);
      case 'read-ahead':
        this.#readAhead(request.workspace);
        return undefined;
      case 'forget':
        this.#forget(request.workspace);
        return undefined;
    }
  }

  /** Reads ahead for a moment, where there is anything left to read. */
  idle(): boolean {
    const [shard] = this.#filling;
    if (shard !== undefined && !shard.fill(fillMilliseconds)) this.#filling.delete(shard);
    return this.#filling.size > 0;
  }

  #scan(request: Extract<ThreadRequest, { op: 'scan' }>): ScanResult {
    let shard = this.#shards.get(request.workspace);
    if (shard === undefined) {
      shard = new ScanShard(request.options);
      this.#shards.set(request.workspace, shard);
    }
    return shard.scan(request);
  }

  #readAhead(workspace: number): void {
    const shard = this.#shards.get(workspace);
    if (shard?.fill(firstFillMilliseconds)) this.#filling.add(shard);
  }

  #forget(workspace: number): void {
    const shard = this.#shards.get(workspace);
    if (shard !== undefined) this.#filling.delete(shard);
    this.#shards.delete(workspace);
  }
}
