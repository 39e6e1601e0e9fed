/** Tallies add up as integers do; what does not fit together is refused. */
import { expect, test } from 'vitest';
import { missingRanges } from '../../../src/toys/missing-ranges.ts';
import { GrowingTally, mergeTallies, MOST_LISTED, toysIn, type ToyTally } from '../../../src/toys/tally.ts';

/** Toys [from, from + ranks.length) with these ranks, window = rank; 10 and above reach the data. */
function tallyOf(from: number, ranks: readonly number[]): ToyTally {
  const tally = new GrowingTally(from, 10);
  for (const rank of ranks) tally.add(rank, rank);
  return tally.finish();
}

test('sums, exceedances in toy order, and windows of toys that have an event', () => {
  const { tally, gaps } = mergeTallies([tallyOf(3, [11, 0]), tallyOf(0, [5, 10, 5])]);
  expect(gaps).toEqual([]);
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
  const { tally, gaps } = mergeTallies([tallyOf(20, [1]), tallyOf(0, [1, 2]), tallyOf(5, [12, 3])]);
  expect(gaps).toEqual([
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
  expect(mergeTallies([empty, tallyOf(0, [1, 2]), tallyOf(30, [])]).tally).toEqual(
    mergeTallies([tallyOf(0, [1, 2])]).tally,
  );
});

test('only the first exceedances are listed, whatever the tiling', () => {
  const ranks = Array(MOST_LISTED + 5000).fill(10);
  const whole = tallyOf(0, ranks);
  expect(whole.exceedances).toHaveLength(MOST_LISTED);
  expect(whole.nExceedances).toBe(MOST_LISTED + 5000);
  for (const cut of [1, 4000, MOST_LISTED - 1, MOST_LISTED, MOST_LISTED + 1]) {
    const { tally } = mergeTallies([tallyOf(cut, ranks.slice(cut)), tallyOf(0, ranks.slice(0, cut))]);
    expect([tally.nExceedances, tally.exceedances]).toEqual([whole.nExceedances, whole.exceedances]);
  }
});

test('missing toys come in order and in pieces; what exists is left out', () => {
  const pieces = (from: number, to: number, done: [number, number][], size: number) => [
    ...missingRanges(
      from,
      to,
      done.map(([a, b]) => ({ from: a, to: b })),
      size,
    ),
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
});
