import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnError } from '../../turn/index.ts';
import { FairGate } from './fair-gate.ts';

const never = (): AbortSignal => new AbortController().signal;

/** Lets everything that is ready go on. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Enters for each owner in turn, and notes who has been let in and how to leave. */
async function line(gate: FairGate, owners: readonly string[]) {
  const admitted: string[] = [];
  const leaves: (() => void)[] = [];
  for (const owner of owners) {
    void gate.enter(owner, never()).then((leave) => {
      admitted.push(owner);
      leaves.push(leave);
    });
  }
  await settle();
  return { admitted, leaves };
}

/** Each one that was let in leaves again, one after the other. */
async function drain({ leaves }: { readonly leaves: (() => void)[] }): Promise<void> {
  for (let leave = leaves.shift(); leave !== undefined; leave = leaves.shift()) {
    leave();
    await settle();
  }
}

describe('the bound', () => {
  test('as many are inside as there is room, the others wait', async () => {
    const gate = new FairGate({ capacity: 2, limit: 10 });
    const { admitted } = await line(gate, ['a', 'b', 'c']);
    expect(admitted).toEqual(['a', 'b']);
    expect([gate.inside, gate.waiting]).toEqual([2, 1]);
  });

  test('a place that is given back goes to the one who waits', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const { admitted, leaves } = await line(gate, ['a', 'b']);
    leaves[0]?.();
    // The newcomer finds the place taken.
    void gate.enter('c', never());
    await settle();
    expect(admitted).toEqual(['a', 'b']);
    expect([gate.inside, gate.waiting]).toEqual([1, 1]);
  });

  test('whoever finds the queue full is turned away, and told to come again', async () => {
    const gate = new FairGate({ capacity: 1, limit: 1 });
    await line(gate, ['a', 'b']);
    const refused: unknown = await gate.enter('c', never()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TurnError);
    expect(refused).toMatchObject({ code: 'queue_full', retryAfterSeconds: 2 });
    expect([gate.inside, gate.waiting]).toEqual([1, 1]);
  });

  test('with a queue of none, those that find no place are turned away at once', async () => {
    const gate = new FairGate({ capacity: 1, limit: 0 });
    await gate.enter('a', never());
    await expect(gate.enter('a', never())).rejects.toMatchObject({ code: 'queue_full' });
  });

  test('all are let in sooner or later, never more at once than there is room, and the gate is empty again', async () => {
    const owners = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(owners, fc.integer({ min: 1, max: 4 }), async (arriving, capacity) => {
        const gate = new FairGate({ capacity, limit: 12 });
        const queue = await line(gate, arriving);
        expect(gate.inside).toBe(Math.min(capacity, arriving.length));
        await drain(queue);
        expect(queue.admitted.toSorted()).toEqual(arriving.toSorted());
        expect([gate.inside, gate.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('fairness', () => {
  test("one owner's burst does not hold up another", async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const queue = await line(gate, ['a', 'a', 'a', 'a', 'b', 'c']);
    await drain(queue);
    expect(queue.admitted).toEqual(['a', 'a', 'b', 'c', 'a', 'a']);
  });

  test('of two owners that wait, none is ever more than one turn ahead', async () => {
    const owners = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(owners, async (waiting) => {
        const gate = new FairGate({ capacity: 1, limit: 20 });
        const queue = await line(gate, ['first', ...waiting]);
        await drain(queue);
        const order = queue.admitted.slice(1);
        order.forEach((_, at) => {
          const had = (owner: string): number => order.slice(0, at + 1).filter((one) => one === owner).length;
          const still = ['a', 'b', 'c'].filter((owner) => order.slice(at + 1).includes(owner));
          for (const one of still)
            for (const other of still) expect(had(one) - had(other)).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('the turns of one owner keep their order', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const first = await gate.enter('a', never());
    const order: number[] = [];
    for (const nth of [1, 2, 3]) {
      void gate.enter('a', never()).then((leave) => {
        order.push(nth);
        leave();
      });
    }
    first();
    await settle();
    expect(order).toEqual([1, 2, 3]);
  });
});

describe('leaving and giving up', () => {
  test('leaving twice gives back one place only', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const queue = await line(gate, ['a', 'b', 'c']);
    queue.leaves[0]?.();
    queue.leaves[0]?.();
    await settle();
    expect(queue.admitted).toEqual(['a', 'b']);
    expect(gate.inside).toBe(1);
  });

  test('who gives up while waiting is forgotten, and makes room in the queue', async () => {
    const gate = new FairGate({ capacity: 1, limit: 1 });
    const inside = await gate.enter('a', never());
    const controller = new AbortController();
    const waiting = gate.enter('b', controller.signal);
    const reason = new Error('gone');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(gate.waiting).toBe(0);

    const next = gate.enter('c', never());
    expect(gate.waiting).toBe(1);
    inside();
    await next;
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
  });

  test('who gives up in the middle of a queue leaves the others in place', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const queue = await line(gate, ['first', 'a']);
    const controller = new AbortController();
    const gone = gate.enter('a', controller.signal).catch(() => 'gone');
    const rest = await line(gate, ['a', 'b']);
    controller.abort();
    expect(await gone).toBe('gone');
    await drain(queue);
    await drain(rest);
    expect([...queue.admitted, ...rest.admitted].toSorted()).toEqual(['a', 'a', 'b', 'first']);
    expect([gate.inside, gate.waiting]).toEqual([0, 0]);
  });

  test('who had given up before asking takes no place', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const reason = new Error('gone');
    await expect(gate.enter('a', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([gate.inside, gate.waiting]).toEqual([0, 0]);
  });

  test('giving up after being let in changes nothing until one leaves', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const first = await gate.enter('a', never());
    const controller = new AbortController();
    const second = gate.enter('b', controller.signal);
    first();
    controller.abort();
    const leave = await second;
    expect(gate.inside).toBe(1);
    leave();
    expect(gate.inside).toBe(0);
  });
});

describe('bounds that change', () => {
  test('more room lets in those who wait, owner by owner', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const { admitted } = await line(gate, ['a', 'a', 'a', 'b']);
    gate.configure({ capacity: 3, limit: 10 });
    await settle();
    expect(admitted).toEqual(['a', 'a', 'b']);
    expect([gate.inside, gate.waiting]).toEqual([3, 1]);
  });

  test('less room lets nobody in until enough have left', async () => {
    const gate = new FairGate({ capacity: 3, limit: 10 });
    const { admitted, leaves } = await line(gate, ['a', 'b', 'c', 'd']);
    gate.configure({ capacity: 1, limit: 10 });
    leaves.shift()?.();
    leaves.shift()?.();
    await settle();
    expect(admitted).toEqual(['a', 'b', 'c']);
    leaves.shift()?.();
    await settle();
    expect(admitted).toEqual(['a', 'b', 'c', 'd']);
    expect([gate.inside, gate.waiting]).toEqual([1, 0]);
  });

  test('a shorter queue turns away who comes, not who waits', async () => {
    const gate = new FairGate({ capacity: 1, limit: 10 });
    const waiting = await line(gate, ['a', 'b', 'c']);
    gate.configure({ capacity: 1, limit: 1 });
    await expect(gate.enter('d', never())).rejects.toMatchObject({ code: 'queue_full' });
    await drain(waiting);
    expect(waiting.admitted).toEqual(['a', 'b', 'c']);
  });
});
