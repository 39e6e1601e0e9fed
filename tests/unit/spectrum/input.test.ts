/** Spectra, hypotheses and ranges: what they are, and what is refused. */
import { describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { hypothesesInSteps, hypothesesOfTable } from '../../../src/model/spectrum/hypotheses.ts';
import { fitRange, type RangeRule } from '../../../src/model/spectrum/ranges.ts';
import { binEvents, makeSpectrum } from '../../../src/model/spectrum/spectrum.ts';
import { unitSpectrum } from '../../support/spectra.ts';

/** The message, of one line, of the DarkscanError that `make` throws. */
function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (isDarkscanError(error) && !error.message.includes('\n')) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a spectrum', () => {
  test('may have gaps and printed edges', () => {
    const spectrum = makeSpectrum([0, 1, 5], [1.0000000001, 2, 6], [0, 3, 4294967295]);
    expect(spectrum.nBins).toBe(3);
    expect([...spectrum.counts]).toEqual([0, 3, 4294967295]);
  });

  test.each([
    [[0, 1], [1], [1, 2], 'spectrum: 2 low edges, 1 high edges and 2 counts, expected as many of each'],
    [[], [], [], 'spectrum: 0 bins, expected 1 to 1000000'],
    [[0, 2, 1], [1, 3, 2], [1, 1, 1], 'spectrum: bin 2 starts at 1, below bin 1 at 2, expected ascending bins'],
    [[0, 1], [1.5, 2], [1, 1], 'spectrum: bin 1 starts at 1, inside bin 0 that ends at 1.5'],
    [[0, 1], [1, 1], [1, 1], 'spectrum: bin 1 goes from 1 to 1, expected two finite edges'],
    [[0, NaN], [1, 2], [1, 1], 'spectrum: bin 1 goes from NaN to 2'],
    [[0, 1], [1, Infinity], [1, 1], 'spectrum: bin 1 goes from 1 to Infinity'],
    [[0, 1], [1, 2], [1, -2], 'spectrum: bin 1 has -2 events, expected a whole number >= 0'],
    [[0, 1], [1, 2], [0.5, 2], 'spectrum: bin 0 has 0.5 events'],
    [[0, 1], [1, 2], [1, 2 ** 32], 'spectrum: bin 1 has 4294967296 events'],
  ])('%j %j %j is refused', (low, high, counts, message) =>
    expect(messageOf(() => makeSpectrum(low, high, counts))).toContain(message),
  );

  test('events fall into bins that own their low edge; the others are counted', () => {
    const { spectrum, outside } = binEvents([0, 0.999, 1, 2.5, 3, -1e-9, NaN, 1, Infinity], [0, 1, 2.5, 3]);
    expect([...spectrum.counts]).toEqual([2, 2, 1]);
    expect(outside).toBe(4);
  });
});

describe('hypotheses', () => {
  test('step by a fraction of the resolution at each of them', () => {
    const found = hypothesesInSteps((m) => 0.1 * m, 1, 1.2, 0.5);
    expect(found.map(({ mass }) => mass)).toEqual([1, 1.05, 1.05 + 0.5 * (0.1 * 1.05), expect.closeTo(1.157625, 12)]);
    expect(found[1].sigma).toBe(0.1 * 1.05);
  });

  test('of a table keep its rows', () => {
    expect(hypothesesOfTable([1, 3], [0.1, 0.2])).toEqual([
      { mass: 1, sigma: 0.1 },
      { mass: 3, sigma: 0.2 },
    ]);
  });

  test.each([
    [() => hypothesesInSteps(() => 0, 1, 2, 0.5), 'hypotheses: resolution is 0 at 1'],
    [() => hypothesesInSteps((m) => 2 - m, 1, 3, 1), 'hypotheses: resolution is 0 at 2'],
    [() => hypothesesInSteps(() => NaN, 1, 2, 0.5), 'hypotheses: resolution is NaN at 1'],
    [() => hypothesesInSteps(() => 1, 2, 1, 0.5), 'hypotheses: masses from 2 to 1'],
    [() => hypothesesInSteps(() => 1, 1, 2, 0), 'hypotheses: step is 0 resolutions'],
    [() => hypothesesInSteps(() => 1e-9, 1, 2, 0.5), 'hypotheses: more than 1000000 steps'],
    [() => hypothesesInSteps(() => 1e-20, 1, 2, 0.5), 'hypotheses: more than 1000000 steps'],
    [() => hypothesesOfTable([1, 1], [1, 1]), 'hypotheses: row 1 has mass 1, expected a number above'],
    [() => hypothesesOfTable([1], []), 'hypotheses: 1 masses and 0 resolutions'],
    [() => hypothesesOfTable([1], [-1]), 'hypotheses: resolution is -1 at 1'],
  ])('bad input %#', (make, message) => expect(messageOf(make)).toContain(message));
});

describe('the range of a fit', () => {
  const spectrum = unitSpectrum([0, 0, 0, 0, 5, 6, 7, 8, 9, 10]);
  const rangeAt = (mass: number, rule: RangeRule, nParameters = 2) =>
    fitRange(spectrum, { mass, sigma: 1 }, rule, nParameters);

  test('holds the bins that are whole inside it', () => {
    expect(rangeAt(5.5, { halfWidth: 2.5 })).toEqual({
      bins: Uint32Array.of(3, 4, 5, 6, 7),
      low: 3,
      high: 8,
      status: 'ok',
    });
    expect([...rangeAt(5.5, { halfWidth: 2.49 }).bins]).toEqual([4, 5, 6]);
    expect([...rangeAt(5.5, { halfWidth: 2.5 - 1e-10 }).bins]).toEqual([3, 4, 5, 6, 7]);
  });

  test('has a floor in width, ends at the clip, and leaves out excluded regions', () => {
    expect([...rangeAt(5.5, { halfWidth: 1, minWidth: 5 }).bins]).toEqual([3, 4, 5, 6, 7]);
    expect([...rangeAt(5.5, { halfWidth: 3, clip: [4.5, 7] }).bins]).toEqual([5, 6]);
    const veto: RangeRule = { halfWidth: 3.5, excluded: [[4.5, 6], [7.9, 7.95]] }; // prettier-ignore
    expect([...rangeAt(5.5, veto).bins]).toEqual([2, 3, 6, 8]);
  });

  test('goes to the ends of the spectrum and not beyond', () => {
    expect([...rangeAt(0, { halfWidth: 2 }, 1).bins]).toEqual([0, 1]);
    expect([...rangeAt(9.5, { halfWidth: 100 }).bins].length).toBe(10);
  });

  test('says why it cannot be fitted', () => {
    expect(rangeAt(5.5, { halfWidth: 1.5 }, 4).status).toBe('few-bins');
    expect(rangeAt(5.5, { halfWidth: 1.5 }, 3).status).toBe('ok');
    expect(rangeAt(1.5, { halfWidth: 1.5 }).status).toBe('empty-range');
    expect(rangeAt(50, { halfWidth: 1.5 })).toEqual({
      bins: new Uint32Array(0),
      low: 50,
      high: 50,
      status: 'few-bins',
    });
  });

  test.each([
    [{ halfWidth: 0 }, 'fit range: half-width is 0 resolutions'],
    [{ halfWidth: 1, minWidth: -1 }, 'fit range: smallest width is -1'],
    [{ halfWidth: 1, clip: [2, 1] as const }, 'fit range: interval from 2 to 1'],
    [{ halfWidth: 1, excluded: [[3, 3]] as const }, 'fit range: interval from 3 to 3'],
  ])('bad rule %j', (rule, message) => expect(messageOf(() => rangeAt(5, rule as RangeRule))).toContain(message));
});
