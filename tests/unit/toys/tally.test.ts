/** Tallies add up as integers do; what does not fit together is refused. */
import { expect, test } from 'vitest';
import { toyCounts } from '../../../src/toys/global-p.ts';
import { missingRanges } from '../../../src/toys/missing-ranges.ts';
import { GrowingTally, mergeTallies, MOST_LISTED, toysIn, type ToyTally } from '../../../src/toys/tally.ts';

/** Toys [from, from + ranks.length) with these ranks, window = rank; 10 and above reach the data. */
function tallyOf(from: number, ranks: readonly number[]): ToyTally {
  const tally = new GrowingTally(from, 10);
  for (const rank of ranks) tally.add(rank, rank);
  return tally.finish();
}

test('sums, exceedances in toy order, and windows of toys that have an event', () => {
  const tally = mergeTallies([tallyOf(3, [11, 0]), tallyOf(0, [5, 10, 5])]);
  expect(tally.gaps).toEqual([]);
  expect([tally.from, tally.to, tally.nExceedances, tally.exceedances]).toEqual([0, 5, 2, [1, 3]]);
  expect(new Map(tally.byRank)).toEqual(
    new Map([
      [5, 2],
      [10, 1],
      [11, 1],
      [0, 1],
    ]),
  );
  expect([...tally.byWindow.keys()].sort((a, b) => a - b)).toEqual([5, 10, 11]);
});

test('gaps are listed and their toys do not count', () => {
  const tally = mergeTallies([tallyOf(20, [1]), tallyOf(0, [1, 2]), tallyOf(5, [12, 3])]);
  expect(tally.gaps).toEqual([
    [2, 5],
    [7, 20],
  ]);
  expect(toysIn(tally)).toBe(5);
});

test.each([
  ['one toy', 0, 3, 2, 3],
  ['the same range', 0, 3, 0, 3],
  ['a range inside another', 0, 9, 4, 2],
])('%s twice is refused, naming both ranges', (_, a, na, b, nb) => {
  const parts = [tallyOf(a, Array(na).fill(1)), tallyOf(b, Array(nb).fill(1))];
  const ranges = `toys [${a}, ${a + na}) and [${b}, ${b + nb}) overlap`;
  expect(() => mergeTallies(parts)).toThrow(ranges);
  expect(() => mergeTallies(parts.reverse())).toThrow(/overlap/);
});

test('nothing to merge is an error; empty parts change nothing', () => {
  expect(() => mergeTallies([])).toThrow(/no shard to merge/);
  const empty = tallyOf(7, []);
  expect(mergeTallies([empty, tallyOf(0, [1, 2]), tallyOf(30, [])])).toEqual(mergeTallies([tallyOf(0, [1, 2])]));
});

test('only the first exceedances are listed, whatever the tiling', () => {
  const ranks = Array(MOST_LISTED + 5000).fill(10);
  const whole = tallyOf(0, ranks);
  expect(whole.exceedances).toHaveLength(MOST_LISTED);
  expect(whole.nExceedances).toBe(MOST_LISTED + 5000);
  for (const cut of [1, 4000, MOST_LISTED - 1, MOST_LISTED, MOST_LISTED + 1]) {
    const tally = mergeTallies([tallyOf(cut, ranks.slice(cut)), tallyOf(0, ranks.slice(0, cut))]);
    expect([tally.nExceedances, tally.exceedances]).toEqual([whole.nExceedances, whole.exceedances]);
  }
});

test('a gap is filled by the shard that was missing, and by no other', () => {
  const [a, b, c] = [tallyOf(0, [11, 2]), tallyOf(2, [12, 10, 0]), tallyOf(5, [1, 10])];
  const outer = mergeTallies([a, c]);
  expect(outer.gaps).toEqual([[2, 5]]);
  expect(mergeTallies([outer, b])).toEqual(mergeTallies([a, b, c]));
  expect(() => mergeTallies([outer, c])).toThrow('toys [5, 7) and [5, 7) overlap');
});

test('until K: the number of the K-th exceedance decides, whatever else was thrown', () => {
  const ranks = [0, 10, 3, 10, 10, 2, 11];
  const whole = tallyOf(100, ranks);
  expect(toyCounts(whole, 2)).toEqual({ toys: 4, exceedances: 2, stop: 'exceedances' });
  expect(toyCounts(mergeTallies([tallyOf(102, ranks.slice(2)), tallyOf(100, ranks.slice(0, 2))]), 2)).toEqual(
    toyCounts(whole, 2),
  );
  // not reached, not asked for, or a toy missing before: all that were thrown
  const all = { toys: 7, exceedances: 4, failures: 0 };
  expect(toyCounts(whole, 5)).toEqual(all);
  expect(toyCounts(whole)).toEqual(all);
  expect(toyCounts(mergeTallies([tallyOf(0, [10]), tallyOf(2, [10, 4])]), 2)).toEqual({
    toys: 3,
    exceedances: 2,
    failures: 0,
  });
  expect(toyCounts(mergeTallies([tallyOf(0, [10, 10]), tallyOf(3, [4])]), 2).stop).toBe('exceedances');
});

test('a failed toy counts unless it reaches the data anyway', () => {
  const tally = new GrowingTally(0, 10);
  tally.add(3, 1, true);
  tally.add(12, 1, true);
  tally.add(4, 1);
  expect(toyCounts(tally.finish())).toEqual({ toys: 3, exceedances: 1, failures: 1 });
  expect(mergeTallies([tally.finish(), tallyOf(3, [1])]).nFailures).toBe(1);
});

test('missing toys come in order and in pieces; what exists is left out', () => {
  const pieces = (from: number, to: number, done: [number, number][], size: number) => [
    ...missingRanges(from, to, done, size),
  ];
  expect(pieces(0, 10, [], 4)).toEqual([
    [0, 4],
    [4, 8],
    [8, 10],
  ]);
  const done: [number, number][] = [
    [30, 40],
    [0, 3],
    [8, 9],
  ];
  expect(pieces(2, 20, done, 5)).toEqual([
    [3, 8],
    [9, 14],
    [14, 19],
    [19, 20],
  ]);
  expect(pieces(0, 3, done, 5)).toEqual([]);
  expect(pieces(31, 39, done, 5)).toEqual([]);
  // only as many as are asked for
  const endless = missingRanges(0, 1e15, [[5, 7]], 2);
  expect([endless.next().value, endless.next().value, endless.next().value, endless.next().value]).toEqual([
    [0, 2],
    [2, 4],
    [4, 5],
    [7, 9],
  ]);
});
