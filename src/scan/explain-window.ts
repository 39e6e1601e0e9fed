/**
 * One window of a scan in full, in f64: geometry, counts, backgrounds, nuisances with their sizes, p0, limits, and the
 * posterior of the parameter of interest as its quantiles (the limit at every credibility). The same numbers as in the
 * table of a scan on the CPU.
 */
import { CpuBackend } from '../engine/cpu-backend.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { limitGroups } from '../model/limit-groups.ts';
import { evaluateWindows, type WindowNumbers } from './evaluate-windows.ts';
import { pickWindows } from './pick-windows.ts';
import type { PreparedScan } from './prepare.ts';
import { posteriorQuantiles } from './posterior-curve.ts';
import { largestPoiMax } from './statistics.ts';
import { statisticsOf } from './window-scan.ts';

/** P(POI <= U) at which the posterior is shown. */
export const POSTERIOR_LEVELS = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] as const;

export interface WindowExplanation {
  readonly window: number;
  readonly x: number;
  /** y, b and phiDeg are absent in 1D. */
  readonly y?: number;
  readonly a: number;
  readonly b?: number;
  readonly phiDeg?: number;
  readonly status: string;
  /** null where blind. */
  readonly n: number | null;
  readonly background: number;
  readonly backgroundError: number | null;
  readonly components: readonly {
    readonly name: string;
    readonly kind: string;
    readonly expected: number;
    readonly nOff?: number;
    readonly tau?: number;
    /** Signal in the band over signal in the window. */
    readonly leak?: number;
    readonly simulatedEvents?: number;
    readonly sumOfSquaredWeights?: number;
    readonly error?: number;
    /** Of a polynomial: its degree, the bins it was fitted to, their events. */
    readonly degree?: number;
    readonly bins?: number;
    readonly bandEvents?: number;
  }[];
  /** Expected signal events per unit of the POI. */
  readonly sensitivity: number;
  readonly sensitivityError: number | null;
  readonly efficiency: number;
  readonly nuisances: readonly {
    readonly name: string;
    readonly constraint: string;
    readonly effects: readonly { readonly target: string; readonly up: number; readonly down: number }[];
  }[];
  readonly p0: readonly { readonly method: string; readonly lnP0: number | null; readonly z: number | null }[];
  /** Counts at the five expected quantiles, lowest first. */
  readonly expectedCounts: readonly number[];
  readonly limits: readonly {
    readonly method: string;
    /** As asked for in the card; `levelLabel` says it in words. */
    readonly credibility?: number;
    readonly confidence?: number;
    readonly levelLabel: string;
    readonly observed: number | null;
    readonly expected: readonly (number | null)[];
    /** P(POI <= poi) = probability; empty where blind, without background and for methods that have none. */
    readonly posterior: readonly { readonly probability: number; readonly poi: number | null }[];
  }[];
}

/**
 * @param id below prepared.windows.count
 * Errors: DarkscanError of kind `interrupted` when the signal aborts.
 */
export async function explainWindow(
  prepared: PreparedScan,
  id: number,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<WindowExplanation> {
  const statistics = statisticsOf(prepared.card);
  const backend = new CpuBackend({ threads: 1 });
  try {
    const model = pickWindows(prepared.model, [id]);
    const blind = prepared.blind.slice(id, id + 1);
    const numbers = await evaluateWindows(model, statistics, backend, { blind, signal });
    const isShown = blind[0] === 0 && numbers.status[0] !== 'bad-background';
    const posteriors = statistics.limits.map((limit) =>
      isShown && limit.method === 'bayes' ? posteriorOf(model, limit.poiMax, largestPoiMax(statistics)) : [],
    );
    return explanationOf(prepared, id, numbers, posteriors);
  } finally {
    await backend.close();
  }
}

function explanationOf(
  { card, windows, model, blind, efficiency }: PreparedScan,
  row: number,
  numbers: WindowNumbers,
  posteriors: readonly WindowExplanation['limits'][number]['posterior'][],
): WindowExplanation {
  const isBlind = blind[row] === 1;
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    window: row,
    x: windows.x[row],
    ...(windows.kind === 'ellipses' ? { y: windows.y[row], b: windows.b[row], phiDeg: windows.phiDeg[row] } : {}),
    a: windows.a[row],
    status: numbers.status[0],
    n: isBlind ? null : model.n[row],
    background: numbers.bkg[0],
    backgroundError: orNull(numbers.bkgErr[0]),
    components: model.components.map(({ name, kind, b0, nOff, tau, leak, entries, sumW2, error, fits }) => ({
      name,
      kind,
      expected: b0[row],
      ...(nOff && tau ? { nOff: nOff[row], tau: tau[row] } : {}),
      ...(leak ? { leak: leak[row] } : {}),
      ...(entries && sumW2 ? { simulatedEvents: entries[row], sumOfSquaredWeights: sumW2[row] } : {}),
      ...(error ? { error: error[row] } : {}),
      ...(fits ? { degree: fits[row].degree, bins: fits[row].counts.length, bandEvents: sum(fits[row].counts) } : {}),
    })),
    sensitivity: model.sensitivity[row],
    sensitivityError: orNull(numbers.sensErr[0]),
    efficiency: efficiency[row],
    nuisances: model.nuisances.map(({ name, constraint, effects }) => ({
      name,
      constraint,
      effects: effects.map(({ target, up, down }) => ({ target, up: up[row], down: down[row] })),
    })),
    p0: [card.statistics.p0].flat().map((method, i) => ({
      method,
      lnP0: orNull(numbers.p0[i].lnP[0]),
      z: orNull(numbers.p0[i].z[0]),
    })),
    expectedCounts: [...numbers.nExpected],
    limits: limitGroups(card.statistics.limits).map(({ levelLabel }, i) => {
      const { observed, expected } = numbers.limits[i];
      return {
        ...card.statistics.limits[i],
        levelLabel,
        observed: orNull(observed[0]),
        expected: expected.map((values) => orNull(values[0])),
        posterior: posteriors[i],
      };
    }),
  };
}

/** The limit at every level shown. */
function posteriorOf(model: CountingModel, poiMax: number, planPoiMax: number) {
  const quantiles = posteriorQuantiles(model, POSTERIOR_LEVELS, poiMax, planPoiMax);
  return quantiles.map((poi, k) => ({ probability: POSTERIOR_LEVELS[k], poi }));
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, n) => total + n, 0);
}
