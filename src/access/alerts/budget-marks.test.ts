import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyLimits, noKeyLimits } from '../../contract/index.ts';
import { passedMarks } from './budget-marks.ts';

const spent = (day: number, month = day) => ({
  day: { requests: 1, tokens: 1, costUsd: day },
  month: { requests: 1, tokens: 1, costUsd: month },
});
const passed = (limits: Partial<KeyLimits>, day: number, month = day, costUsd = 0) =>
  passedMarks({ ...noKeyLimits, ...limits }, spent(day, month), costUsd).map(
    ({ period, kind, percent, justNow }) => `${period} ${kind} ${percent}${justNow ? '!' : ''}`,
  );

test('a hard budget is told of at 50, 80 and 100 %, a soft one when it is reached', () => {
  expect(passed({}, 1000)).toEqual([]);
  expect(passed({ budgetUsdPerDay: 10 }, 4.999)).toEqual([]);
  expect(passed({ budgetUsdPerDay: 10 }, 5)).toEqual(['day hard 50']);
  expect(passed({ budgetUsdPerMonth: 10 }, 0, 8.5)).toEqual(['month hard 50', 'month hard 80']);
  expect(passed({ budgetUsdPerDay: 10, softBudgetUsdPerDay: 6 }, 10)).toEqual([
    'day hard 50',
    'day hard 80',
    'day hard 100',
    'day soft 100',
  ]);
  expect(passed({ softBudgetUsdPerMonth: 6 }, 0, 5)).toEqual([]);
});

test('a mark is passed where it is reached to the nano-dollar', () => {
  expect(passed({ budgetUsdPerDay: 0.7 }, 0.35 + 0.21)).toEqual(['day hard 50', 'day hard 80']);
  expect(passed({ budgetUsdPerDay: 0.7 }, 0.559999999)).toEqual(['day hard 50']);
});

test('of amounts that follow each other one passes each mark just now', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 4e9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 1e10 }), (nanos, budget) => {
      const limits = { ...noKeyLimits, budgetUsdPerDay: budget / 1e9 };
      let sum = 0;
      const just = nanos.flatMap((amount) => {
        sum += amount;
        return passedMarks(limits, spent(sum / 1e9), amount / 1e9).filter(({ justNow }) => justNow);
      });
      const reached = [50, 80, 100].filter((percent) => sum >= Math.round((budget * percent) / 100));
      expect(just.map(({ percent }) => percent)).toEqual(reached);
    }),
  );
});
