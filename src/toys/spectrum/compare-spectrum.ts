/** All look-elsewhere estimators of one scan of sliding-range fits, side by side, for its ensemble of toys. */
import { eventsBetween } from '../../scan/spectrum/stitched-background.ts';
import { bonferroni, sidak } from '../estimators/bounds.ts';
import { withoutNumber, type Estimator } from '../estimators/estimator.ts';
import { fromToys, type ToyCounts } from '../estimators/from-toys.ts';
import { gaussianProcess } from '../estimators/gaussian-fields.ts';
import { linePairs, lineTriples, upcrossingsAlong, type ScanLine } from '../estimators/upcrossings.ts';
import { notGaussian, tooCoarse, tooSharp } from '../estimators/validity.ts';
import type { SpectrumToySetup, TestedHypothesis } from './prepare-spectrum-toys.ts';
import { signalResponses } from './signal-response.ts';
import { gaussianZFields, neverNegative, zCorrelations } from './z-fields.ts';

export interface CompareSpectrumInput {
  /** The campaign, when there was one. */
  readonly toys?: ToyCounts;
  /** Toys whose fields are looked at, from toy 0 on. */
  readonly nFields?: number;
  /** Draws of the Gaussian process. */
  readonly nDraws?: number;
}

const FIELDS = 300;
const DRAWS = 20_000;
/** Multiplications of all draws together: some seconds. */
const MOST_PRODUCTS = 5e9;
/** Resolutions to each side of a mass that make its window. */
const WINDOW = 2;

/** toys (when thrown), gaussian-process, upcrossings, sidak, bonferroni. */
export function compareSpectrumEstimators(setup: SpectrumToySetup, input: CompareSpectrumInput = {}): Estimator[] {
  const own = input.toys === undefined ? [] : [fromToys(input.toys, setup.observed.lnPLocal)];
  return [...own, ...otherSpectrumEstimators(setup, input)];
}

/** All but the campaign itself: the same however many of its toys are thrown. Takes seconds. */
export function otherSpectrumEstimators(setup: SpectrumToySetup, input: CompareSpectrumInput = {}): Estimator[] {
  const { plan, counts, expected, seed, tested, observed } = setup;
  const { nFields = FIELDS } = input;
  const { lnPLocal } = observed;
  const responses = signalResponses(plan, counts, expected);
  const products = responses.reduce((sum, { bins }) => sum + bins.length, 0);
  const { nDraws = Math.min(DRAWS, Math.max(1000, Math.floor(MOST_PRODUCTS / Math.max(1, products)))) } = input;
  const line = hypothesisLine(tested);
  const few = notGaussian(backgroundInWindows(setup), 1, 0);
  const correlations = (pairs: Uint32Array) => zCorrelations(responses, expected, pairs);
  const triples = lineTriples(line);
  const rough = (z0: number, z: number) =>
    tooCoarse(correlations(linePairs(line)), z0, z, 1) ??
    tooSharp(correlations(triples.filter((_, i) => i % 3 < 2)), correlations(triples.filter((_, i) => i % 3 !== 1)));
  const chosen = setup.hasChoice ? 'the order of the background, chosen in every toy, is no part of it' : undefined;
  const all = new Float64Array(tested.length).fill(lnPLocal);
  return [
    observed.z > 0
      ? gaussianProcess({
          fields: gaussianZFields(responses, expected, seed, nDraws),
          lnPLocal,
          reason: few ?? chosen,
        })
      : withoutNumber('gaussian-process', 'no hypothesis of the data has an excess'),
    upcrossingsAlong(line, {
      fields: setup.fields(nFields),
      lnPLocal,
      reason: (_, z0, z) => few ?? rough(z0, z),
    }),
    sidak(all, lnPLocal, few ?? (neverNegative(responses, expected) ? undefined : NOT_ASSOCIATED)),
    bonferroni(all, lnPLocal, few),
  ];
}

/** A signal in one place raises the background beside it: Z of other hypotheses may fall. */
const NOT_ASSOCIATED = 'not proven: excesses of hypotheses may be negatively correlated here';

/** In order of x within each part, cut where two windows (x +- 2 sigma) do not touch. */
export function hypothesisLine(tested: readonly TestedHypothesis[]): ScanLine {
  const starts = Uint8Array.from(tested, ({ part, x, sigma }, h) => {
    const before = tested[h - 1];
    if (before?.part !== part) return 1;
    return x - WINDOW * sigma >= before.x + WINDOW * before.sigma ? 1 : 0;
  });
  return {
    order: Uint32Array.from(tested.keys()),
    starts,
    intervals: starts.reduce((sum, start) => sum + start, 0),
  };
}

/** Expected events in x +- 2 sigma. */
function backgroundInWindows({ tested, parts, expected }: SpectrumToySetup): Float64Array {
  const firstBin = parts.map((_, p) => parts.slice(0, p).reduce((sum, { spectrum }) => sum + spectrum.nBins, 0));
  return Float64Array.from(tested, ({ part, x, sigma }) => {
    const { spectrum } = parts[part];
    return eventsBetween(spectrum, expected.subarray(firstBin[part]), x - WINDOW * sigma, x + WINDOW * sigma);
  });
}
