/**
 * ln p0 of everything a window can have in a toy, by the scan's own p0 in f64: the tables toys are ranked by where p0 is
 * more than the predictive distribution of their sources (predictive-ranks.ts). Rows are steps (ensemble `auxiliary`:
 * one model each) or n_off of the band counted in the toy.
 *
 * These p0 use Math.exp and Math.log, an ulp of which may differ between engines; ranks take values within 1e-12 as
 * ties, so tables made elsewhere are the same but for coincidences, and where they are not, shards are refused.
 */
import { DarkscanError } from '../errors.ts';
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';
import { flattenPlan } from '../model/plan/flat-plan.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { SMALLEST } from '../model/toys/rank-table.ts';
import { isOnOff } from '../scan/evaluate-on-off.ts';
import { p0InF64 } from '../scan/p0-in-f64.ts';
import { selectWindows } from '../scan/select-windows.ts';
import type { P0Method } from '../scan/statistics.ts';
import { lnPoissonPmf, lnPoissonTail } from '../stats/poisson.ts';
import type { WindowRows } from './rank-rows.ts';

const LN_SMALLEST = Math.log(SMALLEST);
/** Windows compiled at a time. */
const CHUNK = 2000;
/** An n_off is without a row when it is rarer than this on either side. */
const LN_RARE = Math.log(1e-11);
/** Counts of one window, whatever its p0. */
const MOST_COUNTS = 100_000;

/**
 * [nWindows] ln p0 by count, n = 0, 1, ..., until p0 < 1e-24 and the count of the data has its own.
 * @param model of the windows that are scanned; n: counts of the data
 * Error (kind data): a p0 that does not converge.
 */
export function attainableCounts(model: CountingModel, method: P0Method): Float64Array[] {
  const rows: Float64Array[] = [];
  visit(model, method, (at) => (i, w) => rows.push(countsOf(at(i), model.n[w], nominalOf(model, method, w))));
  return rows;
}

/** [nWindows] ln p0 of the counts of the data; 0 where there is no event. */
export function p0OfData(model: CountingModel, method: P0Method): Float64Array {
  const lnP = new Float64Array(model.nWindows);
  visit(model, method, (at) => (i, w) => {
    if (model.n[w] > nominalOf(model, method, w) && model.n[w] > 0) lnP[w] = at(i)(model.n[w]);
  });
  return lnP;
}

/** What n_off of a window can be. */
export interface OffRange {
  /** [nWindows] least and largest expected n_off over what toys draw. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Rows by n_off of every window, of which all but 1e-11 on either side and that of the data are there.
 * @param lnFloor p0 above it are not needed: larger ones are not computed one by one
 */
export function attainableByOff(
  model: CountingModel,
  method: P0Method,
  { low, high }: OffRange,
  lnFloor: number,
): (w: number) => WindowRows {
  const at = model.components.findIndex((c) => c.kind === 'side-band');
  const band = model.components[at];
  return (w) => {
    const first = Math.min(band.nOff![w], lowestCount(low[w]));
    const last = Math.max(band.nOff![w], highestCount(high[w]));
    const rows = selectWindows(model, new Uint32Array(last - first + 1).fill(w));
    const nOff = Uint32Array.from({ length: last - first + 1 }, (_, row) => first + row);
    const tau = band.tau![w];
    const thrown: BackgroundComponent = {
      ...rows.components[at],
      nOff,
      b0: Float64Array.from(nOff, (k) => (tau > 0 ? k / tau : 0)),
    };
    const own: CountingModel = {
      ...rows,
      components: rows.components.map((c, i) => (i === at ? thrown : c)),
    };
    const lnP: Float64Array[] = [];
    visit(own, method, (p0At) => (i, row) => {
      const isData = nOff[row] === band.nOff![w];
      lnP.push(countsFrom(p0At(i), isData ? model.n[w] : 0, nominalOf(own, method, row), lnFloor));
    });
    return { least: first, lnP };
  };
}

/** The method that gives the same p0 without a quadrature: `marginal` with nothing but a side band is `on-off`. */
export function quickMethod(model: CountingModel, method: P0Method): P0Method {
  const onlyBand = model.components.length === 1 && model.components[0].kind === 'side-band';
  const isPlain = onlyBand && model.nuisances.every((n) => n.effects.every((e) => !isBackground(model, e.target)));
  if (!isPlain) return method;
  if (method === 'marginal') return 'on-off';
  return method === 'marginal-mid-p' ? 'on-off-mid-p' : method;
}

function isBackground(model: CountingModel, target: string): boolean {
  return target === 'background' || model.components.some((c) => c.name === target);
}

type P0At = (n: number) => number;

/** Calls back for every window, in order, with its p0 by count. */
function visit(
  model: CountingModel,
  method: P0Method,
  make: (p0Of: (i: number) => P0At) => (i: number, w: number) => void,
): void {
  const needsPlan = !isOnOff(method) && method !== 'profile';
  const cache = new RuleCache();
  for (let from = 0; from < model.nWindows; from += CHUNK) {
    const windows = Array.from({ length: Math.min(CHUNK, model.nWindows - from) }, (_, i) => from + i);
    cache.trim();
    const plan = flattenPlan(model, needsPlan ? windows : [], 0, cache);
    const own = make((i) => (n) => {
      const [lnP] = p0InF64(model, plan, i, method, windows[i], n);
      if (!Number.isNaN(lnP)) return lnP;
      const message = `toys: p0 '${method}' of window ${windows[i]} does not converge for n = ${n}`;
      throw new DarkscanError('data', `${message}; leave the window out or use another method`);
    });
    windows.forEach((w, i) => own(i, w));
  }
}

/** Counts up to which asymptotic methods see no excess; -1 for those whose p0 is a sum. */
function nominalOf(model: CountingModel, method: P0Method, w: number): number {
  if (method !== 'profile' && method !== 'li-ma') return -1;
  return model.components.reduce((sum, { b0 }) => sum + b0[w], 0);
}

/** ln p0 of n = 0, 1, ...; falling, so that rounding makes no order of its own. */
function countsOf(p0At: P0At, observed: number, nominal: number): Float64Array {
  const lnP = [0];
  for (let n = 1; n <= observed + 1 || lnP[n - 1] > LN_SMALLEST; n++) {
    if (n > MOST_COUNTS) throw tooMany();
    lnP.push(Math.min(lnP[n - 1], n <= nominal ? -Math.LN2 : p0At(n)));
  }
  return Float64Array.from(lnP);
}

/** The same with 0 for p0 above a floor, found by bisection. */
function countsFrom(p0At: P0At, observed: number, nominal: number, lnFloor: number): Float64Array {
  const below = (n: number) => n > nominal && p0At(n) <= lnFloor;
  let [low, high] = [0, 1];
  for (; !below(high); low = high, high *= 2) if (high > MOST_COUNTS) throw tooMany();
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (below(middle)) high = middle;
    else low = middle;
  }
  const lnP = Array.from({ length: high }, () => 0);
  for (let n = high; n <= observed + 1 || lnP[n - 1] > LN_SMALLEST; n++) lnP.push(Math.min(lnP[n - 1], p0At(n)));
  return Float64Array.from(lnP);
}

/** Smallest count with P(N < n) above LN_RARE. */
function lowestCount(mean: number): number {
  let n = Math.max(0, Math.floor(mean - 9 * Math.sqrt(mean) - 9));
  while (n < mean && lnLower(n, mean) < LN_RARE) n++;
  return n;
}

/** ln P(N <= n), good enough where it is small. */
function lnLower(n: number, mean: number): number {
  let [term, sum] = [1, 1];
  for (let k = n; k > 0 && term > 1e-3 * sum; k--) sum += term *= k / mean;
  return lnPoissonPmf(n, mean) + Math.log(sum);
}

/** Largest count with P(N > n) above LN_RARE. */
function highestCount(mean: number): number {
  let n = Math.ceil(mean);
  while (lnPoissonTail(n + 1, mean) > LN_RARE) n++;
  return n;
}

function tooMany(): DarkscanError {
  const message = `toys: a window with more than ${MOST_COUNTS} events to be ranked, expected fewer`;
  return new DarkscanError('resource', `${message}; use smaller windows`);
}
