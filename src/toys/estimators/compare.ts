/**
 * All look-elsewhere estimators of one observed local p0, side by side, for one named ensemble of toys: results of
 * different ensembles are never put into one table (methods.md section 6).
 */
import { zFromLnP } from '../../stats/normal.ts';
import { exp } from '../../stats/portable.ts';
import type { CountingModel } from '../../model/counting-model.ts';
import type { Atoms } from '../../model/toys/atoms.ts';
import type { WindowSet } from '../../model/windows.ts';
import { attainedShare } from './attainable.ts';
import { makeAttainable, type AttainableInput } from './attained.ts';
import { bonferroni, sidak } from './bounds.ts';
import { withoutNumber, type Estimator } from './estimator.ts';
import { euler } from './euler.ts';
import { makeExcess } from './excess.ts';
import { fromToys, type ToyCounts } from './from-toys.ts';
import { gaussianFields, gaussianProcess } from './gaussian-fields.ts';
import { toyFields } from './toy-field.ts';
import { linePairs, lineTriples, upcrossings } from './upcrossings.ts';
import { notGaussian, tooCoarse, tooSharp } from './validity.ts';
import { windowComplex } from './window-complex.ts';
import { pairCorrelations, yieldMoments } from './yield-moments.ts';

export interface CompareInput extends AttainableInput {
  /** By cells; needed where bands are counted. */
  readonly model?: CountingModel;
  readonly ensemble: 'predictive' | 'auxiliary' | 'fixed';
  readonly windows: WindowSet;
  readonly atoms: Atoms;
  /** ln p0 of the most extreme window of the data. */
  readonly lnPLocal: number;
  /** The campaign, when there was one. */
  readonly toys?: ToyCounts;
  readonly seed: number;
  /** Toys whose fields are looked at, from toy 0 on. */
  readonly nFields?: number;
  /** Draws of the Gaussian process. */
  readonly nDraws?: number;
}

export interface Comparison {
  readonly ensemble: CompareInput['ensemble'];
  readonly lnPLocal: number;
  readonly pLocal: number;
  readonly zLocal: number | null;
  readonly nFields: number;
  readonly nDraws: number;
  /** toys (when thrown), gaussian-process, upcrossings, euler, sidak, bonferroni. */
  readonly estimators: readonly Estimator[];
}

const FIELDS = 300;
const DRAWS = 10_000;
/** Draws of one number per atom, all draws together: some ten seconds. */
const MOST_NUMBERS = 5e7;

/** What windows share in bands, measurements or a moving shape can make one more and the other less significant. */
const NOT_ASSOCIATED = 'not proven: excesses of windows may be negatively correlated here';

export function compareEstimators(input: CompareInput): Comparison {
  const { ensemble, lnPLocal, toys } = input;
  const estimators = [...(toys === undefined ? [] : [fromToys(toys, lnPLocal)]), ...otherEstimators(input)];
  const zLocal = lnPLocal < 0 ? zFromLnP(lnPLocal) : null;
  return { ensemble, lnPLocal, pLocal: exp(lnPLocal), zLocal, ...sizesOf(input), estimators };
}

function sizesOf({ atoms, nFields = FIELDS, nDraws }: CompareInput): Pick<Comparison, 'nFields' | 'nDraws'> {
  return { nFields, nDraws: nDraws ?? Math.min(DRAWS, Math.max(500, Math.floor(MOST_NUMBERS / atoms.count))) };
}

/** All but the campaign itself: the same however many of its toys are thrown. Takes seconds. */
export function otherEstimators(input: CompareInput): Estimator[] {
  const { windows, atoms, sources, tables, lnPLocal, seed } = input;
  const { nFields, nDraws } = sizesOf(input);
  const { at, reason: unknown } = makeAttainable(input);
  const attainable = at(lnPLocal);
  const excess = makeExcess(tables.ranks, input.model);
  const moments = yieldMoments(sources, atoms, excess);
  const fewest = tables.b0.map((b, w) => Math.min(b, tables.nOff?.[w] ?? b));
  const shape = notGaussian(fewest, attainedShare(attainable, lnPLocal), moments.largestFactor);
  const rows = tables.ranks.axis === 'none' ? undefined : 'p0 depends on more than the counts of the windows';
  const fields = toyFields(tables, seed, 0, nFields);
  const correlations = (pairs: Uint32Array) => pairCorrelations(moments, atoms, pairs);
  const rough = (pairs: Uint32Array, triples: Uint32Array, z0: number, z: number, dimensions: number) =>
    tooCoarse(correlations(pairs), z0, z, dimensions) ??
    tooSharp(correlations(triples.filter((_, i) => i % 3 < 2)), correlations(triples.filter((_, i) => i % 3 !== 1)));
  return [
    gaussianProcess({
      fields: gaussianFields(moments, atoms, excess, seed, 0, nDraws),
      lnPLocal,
      attainable,
      reason: shape ?? (tables.ranks.axis === 'step' ? 'thrown measurements are no part of its covariance' : undefined),
    }),
    rows !== undefined
      ? withoutNumber('upcrossings', rows, 'bound')
      : upcrossings({
          windows,
          fields,
          lnPLocal,
          reason: (line, z0, z) => shape ?? rough(linePairs(line), lineTriples(line), z0, z, 1),
        }),
    rows !== undefined
      ? withoutNumber('euler', rows)
      : euler({
          complex: windowComplex(windows),
          fields,
          lnPLocal,
          reason: (complex, z0, z) => shape ?? rough(complex.edges, complex.rows, z0, z, 2),
        }),
    sidak(attainable, lnPLocal, unknown ?? (rows !== undefined || sources.scenarios ? NOT_ASSOCIATED : undefined)),
    bonferroni(attainable, lnPLocal, unknown),
  ];
}
