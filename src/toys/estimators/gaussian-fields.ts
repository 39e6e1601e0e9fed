/**
 * Gaussian process (V. Ananiev, A. Read 2023, arXiv:2206.12328): draws Gaussian counts with the covariance of the toys
 * (yield-moments.ts) instead of toys. Noise per atom summed over each window's atoms, plus one normal number per shared
 * nuisance: no dense matrix, no factorisation. A draw is an exceedance when any window reaches the Z of its own largest
 * attainable p0 at or below the observed local p0 (attainable.ts), so each window alone has its exact probability; what
 * is approximated is that windows depend on each other like normal numbers.
 */
import { zFromLnP } from '../../stats/normal.ts';
import { fillNormals } from '../../stats/normal-draws.ts';
import { log } from '../../stats/portable.ts';
import type { Atoms } from '../../model/toys/atoms.ts';
import { makeEstimator, OUTSIDE_68, OUTSIDE_95, type Estimator } from './estimator.ts';
import { clopperPearson } from './from-toys.ts';
import type { Excess } from './excess.ts';
import type { FieldSource } from './toy-field.ts';
import type { YieldMoments } from './yield-moments.ts';

/** Philox streams of atoms and nuisances: beyond those of toys' sources. */
const ATOM_STREAM = 0xfffe0000;
const NUISANCE_STREAM = 0xfffe0001;

/** Gaussian fields of Z. Windows without variance stay at 0. */
export function gaussianFields(
  moments: YieldMoments,
  atoms: Atoms,
  excess: Excess,
  seed: number,
  first: number,
  count: number,
): FieldSource {
  const { nWindows, shifts, variance } = moments;
  const used = usedAtoms(moments, atoms);
  const sums = summation(used, atoms, excess.nRegions);
  const inRegions = new Float64Array(excess.nRegions);
  const noise = new Float64Array(used.length);
  const spread = Float64Array.from(used, (a) => Math.sqrt(moments.atomVariance[a]));
  const z = new Float64Array(shifts.length);
  const perSigma = variance.map((v) => (v > 0 ? 1 / Math.sqrt(v) : 0));
  return {
    nWindows,
    count,
    at(i, out) {
      fillNormals(noise, noise.length, seed, ATOM_STREAM, first + i);
      for (let a = 0; a < noise.length; a++) noise[a] *= spread[a];
      sums(noise, inRegions);
      excess.ofRegions(inRegions, out);
      fillNormals(z, z.length, seed, NUISANCE_STREAM, first + i);
      for (let k = 0; k < z.length; k++) {
        const shift = shifts[k];
        for (let w = 0; w < nWindows; w++) out[w] += z[k] * shift[w];
      }
      for (let w = 0; w < nWindows; w++) out[w] *= perSigma[w];
    },
  };
}

export interface GaussianProcessInput {
  readonly fields: FieldSource;
  readonly lnPLocal: number;
  /** [nWindows] ln of attainable p0, or nothing for a continuous statistic. */
  readonly attainable?: Float64Array;
  readonly reason?: string;
}

/** p = (k + 1)/(draws + 1) with the Clopper-Pearson interval of k. */
export function gaussianProcess({ fields, lnPLocal, attainable, reason }: GaussianProcessInput): Estimator {
  const { nWindows, count } = fields;
  const wanted = Float64Array.from({ length: nWindows }, (_, w) => zFromLnP(attainable?.[w] ?? lnPLocal));
  const field = new Float64Array(nWindows);
  let exceedances = 0;
  for (let i = 0; i < count; i++) {
    fields.at(i, field);
    for (let w = 0; w < nWindows; w++) {
      if (field[w] < wanted[w]) continue;
      exceedances++;
      break;
    }
  }
  return makeEstimator({
    name: 'gaussian-process',
    lnPGlobal: log((exceedances + 1) / (count + 1)),
    lnPLocal,
    interval: clopperPearson(exceedances, count, OUTSIDE_68),
    interval95: clopperPearson(exceedances, count, OUTSIDE_95),
    reason,
  });
}

/** Atoms that are in a window and vary. */
function usedAtoms({ atomVariance }: YieldMoments, atoms: Atoms): Uint32Array {
  const all = Uint32Array.from({ length: atoms.count }, (_, a) => a);
  return all.filter((a) => atomVariance[a] > 0 && atoms.first[a + 1] > atoms.first[a]);
}

/**
 * Sums over the atoms of every window. Where the atoms of every window are consecutive, as on a line, differences of
 * running sums do it in one step per window; their rounding is below 1e-12 of the largest.
 */
function summation(used: Uint32Array, atoms: Atoms, nRegions: number) {
  const from = new Uint32Array(nRegions).fill(0xffffffff);
  const to = new Uint32Array(nRegions);
  const members = new Uint32Array(nRegions);
  used.forEach((a, place) => {
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) {
      const w = atoms.windows[k];
      from[w] = Math.min(from[w], place);
      to[w] = place + 1;
      members[w]++;
    }
  });
  if (members.every((n, w) => n === 0 || to[w] - from[w] === n)) {
    const running = new Float64Array(used.length + 1);
    return (noise: Float64Array, out: Float64Array) => {
      for (let a = 0; a < noise.length; a++) running[a + 1] = running[a] + noise[a];
      for (let w = 0; w < nRegions; w++) out[w] = members[w] === 0 ? 0 : running[to[w]] - running[from[w]];
    };
  }
  return (noise: Float64Array, out: Float64Array) => {
    out.fill(0);
    for (let place = 0; place < used.length; place++) {
      const value = noise[place];
      const end = atoms.first[used[place] + 1];
      for (let k = atoms.first[used[place]]; k < end; k++) out[atoms.windows[k]] += value;
    }
  };
}
