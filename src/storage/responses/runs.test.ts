import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { ended, events, ids, items, newResponse, TwoServers } from '../testing/two-servers.ts';

describe.each(testDatabases)('runs on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const cancelled = { completedAt: 77, response: { told: 'cancelled' } };
  const statusOf = async (id: string) => (await test.responses.get('ann', id))?.status;

  /** One that the worker has from time 100 to 110. */
  async function claimed(id: string, workerId = 'w1'): Promise<void> {
    await test.queued(id);
    expect((await test.responses.claim(workerId, 100, 10))?.id).toBe(id);
  }

  async function started(id: string, workerId = 'w1'): Promise<void> {
    await claimed(id, workerId);
    expect(await test.responses.markStarted(id, workerId)).toBe(true);
  }

  describe('a queued run', () => {
    it('is claimed with all that is needed to run it', async () => {
      await test.completed('r0');
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, []);
      await test.responses.create(
        {
          ...newResponse('r1', { previousResponseId: 'r0', conversationId: 'c', events: events(0, 1) }),
          status: 'queued',
          background: true,
        },
        items('a'),
      );
      expect(await test.responses.claim('w1', 100, 10)).toEqual({
        id: 'r1',
        owner: 'ann',
        createdAt: 1_000_000,
        background: true,
        previousResponseId: 'r0',
        conversationId: 'c',
        request: { model: 'agent', asked: 'r1' },
        response: { id: 'r1', status: 'in_progress' },
        started: false,
        attempt: 1,
        cancelRequested: false,
        lastSequence: 1,
      });
      expect(await test.responses.claim('w2', 100, 10)).toBeNull();
    });

    it('waits for its turn: the oldest is claimed first', async () => {
      for (const [id, createdAt] of [
        ['c', 30],
        ['a', 10],
        ['d', 30],
        ['b', 20],
      ] as const) {
        await test.queued(id, createdAt);
      }
      const order: (string | undefined)[] = [];
      for (let n = 0; n < 5; n++) order.push((await test.responses.claim('w', 100, 10))?.id);
      expect(order).toEqual(['a', 'b', 'c', 'd', undefined]);
    });

    it('is cancelled at once, with its last words', async () => {
      await test.queued('r1');
      const result = await test.responses.requestCancel('ann', 'r1', { ...cancelled, events: events(0) });
      expect(result).toBe('cancelled');
      expect(await test.responses.get('ann', 'r1')).toMatchObject({ status: 'cancelled', ...cancelled });
      expect(await test.responses.events('ann', 'r1', { after: -1, limit: 9 })).toEqual({
        status: 'cancelled',
        events: events(0),
      });
      expect(await test.responses.claim('w1', 100, 10)).toBeNull();
    });

    it('has no lease, so it is neither renewed, started, expired nor ended by a worker', async () => {
      await test.queued('r1');
      expect(await test.responses.renew('r1', 'w1', 100, 10)).toBe(false);
      expect(await test.responses.markStarted('r1', 'w1')).toBe(false);
      expect(await test.responses.expired(1e12)).toEqual([]);
      expect(await test.responses.finish('r1', ended(), { workerId: 'w1' })).toBe(false);
      expect(await test.responses.finish('r1', ended(), { leaseExpiredAt: 1e12 })).toBe(false);
      expect(await statusOf('r1')).toBe('queued');
    });

    it('is not claimed once it was deleted', async () => {
      await test.queued('r1');
      expect(await test.responses.delete('ann', 'r1')).toBe(true);
      expect(await test.responses.claim('w1', 100, 10)).toBeNull();
    });
  });

  describe('a claimed run', () => {
    it('is still told as queued, until its worker starts it', async () => {
      await claimed('r1');
      expect(await statusOf('r1')).toBe('queued');
      expect(await test.responses.markStarted('r1', 'w1')).toBe(true);
      expect(await statusOf('r1')).toBe('in_progress');
    });

    it('is started once, by its worker alone', async () => {
      await claimed('r1');
      expect(await test.responses.markStarted('r1', 'w2')).toBe(false);
      expect(await test.responses.markStarted('r1', 'w1')).toBe(true);
      expect(await test.responses.markStarted('r1', 'w1')).toBe(false);
    });

    it('is claimed again once its lease is out, and lost for the first worker', async () => {
      await claimed('r1', 'w1');
      expect(await test.responses.claim('w2', 109, 10)).toBeNull();
      expect(await test.responses.claim('w2', 110, 10)).toMatchObject({ id: 'r1', attempt: 2 });
      expect(await test.responses.renew('r1', 'w1', 111, 10)).toBe(false);
      expect(await test.responses.markStarted('r1', 'w1')).toBe(false);
      expect(await test.responses.finish('r1', ended(), { workerId: 'w1' })).toBe(false);
      expect(await test.responses.markStarted('r1', 'w2')).toBe(true);
      expect(await test.responses.finish('r1', ended(), { workerId: 'w2' })).toBe(true);
    });

    it('comes before younger ones when it is claimed again', async () => {
      await test.queued('old', 10);
      expect((await test.responses.claim('w1', 100, 10))?.id).toBe('old');
      await test.queued('young', 20);
      expect((await test.responses.claim('w2', 110, 10))?.id).toBe('old');
      expect((await test.responses.claim('w2', 110, 10))?.id).toBe('young');
    });

    it('is kept by renewing, also late where nobody has taken it', async () => {
      await claimed('r1');
      expect(await test.responses.renew('r1', 'w1', 105, 10)).toBe(true);
      expect(await test.responses.claim('w2', 114, 10)).toBeNull();
      expect(await test.responses.renew('r1', 'w1', 200, 10)).toBe(true);
      expect(await test.responses.claim('w2', 209, 10)).toBeNull();
      expect(await test.responses.expired(209)).toEqual([]);
      expect(ids(await test.responses.expired(210))).toEqual(['r1']);
    });

    it('is cancelled at once, so that it never starts', async () => {
      await claimed('r1');
      expect(await test.responses.requestCancel('ann', 'r1', cancelled)).toBe('cancelled');
      expect(await test.responses.markStarted('r1', 'w1')).toBe(false);
      expect(await test.responses.renew('r1', 'w1', 101, 10)).toBe(false);
      expect(await test.responses.finish('r1', ended(), { workerId: 'w1' })).toBe(false);
      expect(await test.responses.get('ann', 'r1')).toMatchObject({ status: 'cancelled', ...cancelled });
    });
  });

  describe('a started run', () => {
    it('is never claimed again', async () => {
      await started('r1');
      expect(await test.responses.claim('w2', 1e12, 10)).toBeNull();
    });

    it('is found once its lease is out, and ended by the finder', async () => {
      await started('r1');
      await test.responses.appendEvents('r1', events(0, 1, 2));
      expect(await test.responses.expired(109)).toEqual([]);
      const [run, ...others] = await test.responses.expired(110);
      expect(run).toMatchObject({ id: 'r1', started: true, attempt: 1, lastSequence: 2, owner: 'ann' });
      expect(others).toEqual([]);
      const failed = ended({ status: 'failed', events: events(3) });
      expect(await test.responses.finish('r1', failed, { leaseExpiredAt: 110 })).toBe(true);
      expect(await test.responses.expired(110)).toEqual([]);
      expect(await test.responses.renew('r1', 'w1', 111, 10)).toBe(false);
      expect(await test.responses.appendEvents('r1', events(3))).toBe(false);
      expect(await test.responses.finish('r1', ended(), { workerId: 'w1' })).toBe(false);
      expect(await statusOf('r1')).toBe('failed');
    });

    it('is not ended by a finder where its worker renewed in time', async () => {
      await started('r1');
      expect(ids(await test.responses.expired(115))).toEqual(['r1']);
      expect(await test.responses.renew('r1', 'w1', 116, 10)).toBe(true);
      const failed = ended({ status: 'failed' });
      expect(await test.responses.finish('r1', failed, { leaseExpiredAt: 115 })).toBe(false);
      expect(await statusOf('r1')).toBe('in_progress');
    });

    it('is asked to stop, and ended by its worker', async () => {
      await started('r1');
      expect(await test.responses.cancelRequested('r1')).toBe(false);
      expect(await test.responses.requestCancel('ann', 'r1', cancelled)).toBe('requested');
      expect(await test.responses.requestCancel('ann', 'r1', cancelled)).toBe('requested');
      expect(await test.responses.cancelRequested('r1')).toBe(true);
      expect(await test.responses.renew('r1', 'w1', 105, 10)).toBe(true);
      expect(await statusOf('r1')).toBe('in_progress');
      expect(await test.responses.expired(115)).toMatchObject([{ id: 'r1', cancelRequested: true }]);
      expect(await test.responses.finish('r1', ended({ status: 'cancelled' }), { workerId: 'w1' })).toBe(
        true,
      );
      expect(await test.responses.cancelRequested('r1')).toBe(false);
      expect(await test.responses.finish('r1', ended())).toBe(false);
      expect(await statusOf('r1')).toBe('cancelled');
    });

    it('is lost for its worker once the response was deleted', async () => {
      await started('r1');
      await test.responses.delete('ann', 'r1');
      expect(await test.responses.renew('r1', 'w1', 105, 10)).toBe(false);
      expect(await test.responses.appendEvents('r1', events(0))).toBe(false);
      expect(await test.responses.finish('r1', ended({ output: items('x') }), { workerId: 'w1' })).toBe(
        false,
      );
      expect([await test.count('items'), await test.count('response_runs')]).toEqual([0, 0]);
    });

    it('leaves nothing but its response behind', async () => {
      await started('r1');
      await test.responses.finish('r1', ended());
      expect(await test.count('response_runs')).toBe(0);
      expect(await test.responses.renew('r1', 'w1', 105, 10)).toBe(false);
      expect(await test.responses.markStarted('r1', 'w1')).toBe(false);
      expect(await test.responses.requestCancel('ann', 'r1', cancelled)).toBe('finished');
      expect((await test.responses.get('ann', 'r1'))?.response).toEqual({ done: true });
    });
  });

  describe('a response that runs where it was created', () => {
    const lease = { workerId: 'w1', until: 110 };

    it('begins as started, and is found where its process is gone', async () => {
      await test.responses.create({ ...newResponse('r1'), background: true, lease }, []);
      expect(await statusOf('r1')).toBe('in_progress');
      expect(await test.responses.claim('w2', 1e12, 10)).toBeNull();
      expect(await test.responses.expired(110)).toMatchObject([
        { id: 'r1', started: true, background: true },
      ]);
      expect(await test.responses.renew('r1', 'w1', 111, 10)).toBe(true);
      expect(await test.responses.requestCancel('ann', 'r1', cancelled)).toBe('requested');
      expect(await test.responses.finish('r1', ended(), { workerId: 'w1' })).toBe(true);
    });

    it('is not cancelled from outside unless it is in the background', async () => {
      await test.responses.create({ ...newResponse('r1'), lease }, []);
      await test.responses.create(newResponse('r2'), []);
      for (const id of ['r1', 'r2']) {
        expect(await test.responses.requestCancel('ann', id, cancelled)).toBe('foreground');
        expect(await statusOf(id)).toBe('in_progress');
        expect(await test.responses.cancelRequested(id)).toBe(false);
      }
      expect(await test.responses.requestCancel('ann', 'missing', cancelled)).toBeNull();
    });
  });

  it('that have expired come in bounded lists, those first that waited longest', async () => {
    for (const id of ['a', 'b', 'c']) await test.queued(id);
    for (const until of [30, 10, 20]) await test.responses.claim('w', 100, until);
    expect(ids(await test.responses.expired(1000))).toEqual(['b', 'c', 'a']);
    expect(ids(await test.responses.expired(1000, 2))).toEqual(['b', 'c']);
    expect(ids(await test.responses.expired(120))).toEqual(['b', 'c']);
  });

  describe('two servers at once', () => {
    const both = () => [test.responses, test.elsewhere.responses];

    it('claim each run exactly once', async () => {
      const names = Array.from({ length: 120 }, (_, index) => `r${index}`);
      for (const id of names) await test.queued(id);
      const got: string[] = [];
      await Promise.all(
        both().flatMap((responses, server) =>
          Array.from({ length: 6 }, async (_, worker) => {
            for (;;) {
              const run = await responses.claim(`worker ${server}.${worker}`, 100, 10);
              if (run === null) return;
              got.push(run.id);
              expect(run.attempt).toBe(1);
            }
          }),
        ),
      );
      expect(got).toHaveLength(120);
      expect(got.toSorted()).toEqual(names.toSorted());
    });

    it('start each run exactly once, though leases run out all the time', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `r${index}`);
      for (const id of names) await test.queued(id);
      let time = 100;
      const startedBy = new Map<string, string[]>();
      const workers = both().flatMap((responses, server) =>
        Array.from({ length: 4 }, async (_, number) => {
          const workerId = `worker ${server}.${number}`;
          for (let idle = 0; idle < 20; ) {
            time += 1;
            // A lease of no length: every other worker may take the run before this one starts it.
            const run = await responses.claim(workerId, time, 0);
            if (run === null) {
              idle += 1;
              continue;
            }
            if (!(await responses.markStarted(run.id, workerId))) continue;
            startedBy.set(run.id, [...(startedBy.get(run.id) ?? []), workerId]);
          }
        }),
      );
      await Promise.all(workers);
      expect([...startedBy.keys()].toSorted()).toEqual(names.toSorted());
      expect([...startedBy.values()].filter((by) => by.length !== 1)).toEqual([]);
    });

    it('either start a run or cancel it', async () => {
      const seen = new Set<string>();
      for (let round = 0; round < 20; round++) {
        const id = `r${round}`;
        await claimed(id);
        const start = () => test.responses.markStarted(id, 'w1');
        const cancel = () => test.elsewhere.responses.requestCancel('ann', id, cancelled);
        const [wasStarted, result] =
          round % 2 === 0
            ? await Promise.all([start(), cancel()])
            : (await Promise.all([cancel(), start()])).reverse();
        seen.add(`${wasStarted} ${result}`);
        expect(await statusOf(id)).toBe(wasStarted ? 'in_progress' : 'cancelled');
        if (wasStarted) await test.responses.finish(id, ended());
      }
      expect([...seen].filter((pair) => pair !== 'true requested' && pair !== 'false cancelled')).toEqual([]);
    });

    it('end an expired run once: its worker late, or one of the finders', async () => {
      for (let round = 0; round < 15; round++) {
        const id = `r${round}`;
        await started(id);
        const failed = ended({ status: 'failed', events: events(1) });
        const [late, ...found] = await Promise.all([
          test.responses.finish(id, ended({ events: events(0) }), { workerId: 'w1' }),
          ...both().map((responses) => responses.finish(id, failed, { leaseExpiredAt: 110 })),
        ]);
        expect([late, ...found].filter(Boolean)).toHaveLength(1);
        expect(await test.responses.events('ann', id, { after: -1, limit: 9 })).toEqual(
          late ? { status: 'completed', events: events(0) } : { status: 'failed', events: events(1) },
        );
      }
    });
  });
});
