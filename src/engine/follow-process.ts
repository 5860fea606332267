import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import type { EngineTotals } from './claude/count-usage.ts';
import type { LiveProcess } from './claude/live-process.ts';
import type { PermissionDesk } from './claude/permission-desk.ts';
import type { Account } from './claude/read-turn.ts';
import { within } from './within.ts';

/** What is heard of a process: a message (undefined: it ended), or what it took so far (undefined: it does not tell). */
export type Heard =
  | { readonly kind: 'message'; readonly message: SDKMessage | undefined }
  | { readonly kind: 'totals'; readonly totals: EngineTotals | undefined }
  /** The process waits for somebody's leave, or has it. */
  | { readonly kind: 'permissions' };

type FollowedProcess = Pick<LiveProcess, 'next' | 'totals' | 'stop'> & {
  readonly permissions: Pick<PermissionDesk, 'told'>;
};

/** The answer comes in 4 to 50 ms (measured), the last words of a process that is stopped in some 40. */
const askPatience = 500;
const stopPatience = 1000;

/** Listens to a process during one turn, and asks it beside that what it took so far, one question at a time. */
export class ProcessFollower {
  readonly #process: FollowedProcess;
  #asked: Promise<Heard> | undefined;
  /** Kept until it is told: it may come in the same moment as an answer, which is told first. */
  #coming: Promise<Heard> | undefined;

  constructor(process: FollowedProcess) {
    this.#process = process;
  }

  /** False while a question is open. */
  get canAsk(): boolean {
    return this.#asked === undefined;
  }

  /** Asks what the process took; `next` brings the answer. */
  ask(): void {
    this.#asked ??= this.#process.totals().then((totals) => ({ kind: 'totals', totals }));
  }

  /** What is heard next. Throws what the SDK throws. */
  async next(): Promise<Heard> {
    this.#coming ??= this.#process.next().then((message) => ({ kind: 'message', message }));
    const told = this.#process.permissions.told().then((): Heard => ({ kind: 'permissions' }));
    const heard = await Promise.race(
      this.#asked === undefined ? [told, this.#coming] : [told, this.#asked, this.#coming],
    );
    if (heard.kind === 'totals') this.#asked = undefined;
    if (heard.kind === 'message') this.#coming = undefined;
    return heard;
  }

  /** What the process took at the end of a turn, if it tells that soon. */
  async lastTotals(account: Account): Promise<EngineTotals | undefined> {
    switch (account) {
      case 'ask':
        return within(askPatience, this.#process.totals());
      case 'stop':
        return within(stopPatience, this.#process.stop());
      case 'none':
        return undefined;
    }
  }
}
