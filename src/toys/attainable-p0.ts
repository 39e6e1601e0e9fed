/**
 * ln p0 of everything a window can have in a toy, by the scan's own p0 in f64: the tables toys are ranked by where p0 is
 * more than the predictive distribution of their sources (predictive-ranks.ts). Rows are steps (ensemble `auxiliary`:
 * one model each, shifted-model.ts) or n_off of the band counted in the toy.
 *
 * These p0 use Math.exp and Math.log, an ulp of which may differ between engines; ranks take values within 1e-12 as
 * ties, so tables made elsewhere are the same but for coincidences, and where they are not, shards are refused.
 */
import { DarkscanError } from '../errors.ts';
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { withP0, type P0SolverOptions } from '../scan/p0-solver.ts';
import { selectWindows } from '../scan/select-windows.ts';
import type { P0Method } from '../scan/statistics.ts';
import { hasBackground } from '../scan/window-numbers.ts';
import { notConverged, rowsBelow, rowsFromZero, type RowWanted } from './count-rows.ts';
import { highestCount, lowestCount } from './likely-counts.ts';
import type { WindowRows } from './rank-rows.ts';

/** Windows, or rows of windows, of one plan. */
const CHUNK = 10_000;
/** Entries of all rows together, zeros of counts without an excess included: 512 MB. */
const MOST_WORDS = 2 ** 26;
/** A row without a p0 below 1. */
const NO_EXCESS = Float64Array.of(0);

export interface AttainableOptions extends P0SolverOptions {
  /** [nWindows] numbers of the windows in the card's scan, for messages. */
  readonly ids?: ArrayLike<number>;
}

/**
 * [nWindows] ln p0 by count, n = 0, 1, ..., until p0 < 1e-24 and the count of the data has its own; falling. [0] where
 * there is no background and so no p0.
 * @param model of the windows that are scanned; n: counts of the data
 * Error (kind data): a p0 that does not converge, or rises with the count by more than rounding.
 */
export async function attainableCounts(
  model: CountingModel,
  method: P0Method,
  options: AttainableOptions = {},
): Promise<Float64Array[]> {
  const rows: Float64Array[] = Array.from(model.n, () => NO_EXCESS);
  const windows = windowsWithP0(model);
  const cache = new RuleCache();
  for (let from = 0; from < windows.length; from += CHUNK) {
    const own = windows.slice(from, from + CHUNK);
    const part = selectWindows(model, own);
    const wanted = own.map((w, i): RowWanted => ({
      window: i,
      observed: model.n[w],
      nominal: nominalOf(part, method, i),
      label: () => labelOf(options, w),
    }));
    const found = await withP0(part, method, { cache, ...options }, (lnP0) => rowsFromZero(lnP0, method, wanted));
    own.forEach((w, i) => (rows[w] = found[i]));
    cache.trim();
  }
  return rows;
}

/** [nWindows] ln p0 of the counts of the data; 0 where there is no excess. Error (kind data): one does not converge. */
export async function p0OfData(
  model: CountingModel,
  method: P0Method,
  options: AttainableOptions = {},
): Promise<Float64Array> {
  const lnP = new Float64Array(model.nWindows);
  const windows = windowsWithP0(model).filter((w) => model.n[w] > Math.max(0, nominalOf(model, method, w)));
  const part = selectWindows(model, windows);
  const found = await withP0(part, method, options, (lnP0) => lnP0(Uint32Array.from(windows.keys()), part.n));
  windows.forEach((w, i) => {
    if (Number.isNaN(found[i])) throw notConverged(labelOf(options, w), method, model.n[w]);
    lnP[w] = found[i];
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
 * [nWindows] rows by n_off, of which all but 1e-11 on either side and that of the data are there.
 * @param model with one side band or control sample
 * @param lnFloor p0 above it are not needed: they are 0 here
 * Errors: as in attainableCounts (kind data); rows that do not fit (kind resource).
 */
export async function attainableByOff(
  model: CountingModel,
  method: P0Method,
  range: OffRange,
  lnFloor: number,
  options: AttainableOptions = {},
): Promise<WindowRows[]> {
  const { nOff } = bandOf(model);
  const rows = Array.from(model.n, (_, w) => {
    const least = Math.min(nOff![w], lowestCount(range.low[w]));
    const most = Math.max(nOff![w], highestCount(range.high[w]));
    return { least, lnP: Array.from({ length: most - least + 1 }, (): Float64Array => NO_EXCESS) };
  });
  const windows = windowsWithP0(model);
  checkSize(windows.reduce((sum, w) => sum + rows[w].lnP.length, 0));
  const places = windows.flatMap((w) => rows[w].lnP.map((_, i) => ({ w, i, off: rows[w].least + i })));
  let words = 0;
  const cache = new RuleCache();
  for (let from = 0; from < places.length; from += CHUNK) {
    const own = places.slice(from, from + CHUNK);
    const thrown = Uint32Array.from(own, ({ off }) => off);
    const part = withCounts(
      selectWindows(
        model,
        Uint32Array.from(own, ({ w }) => w),
      ),
      thrown,
    );
    const wanted = own.map(({ w, off }, k): RowWanted => ({
      window: k,
      observed: off === nOff![w] ? model.n[w] : 0,
      nominal: nominalOf(part, method, k),
      label: () => `${labelOf(options, w)} with ${off} events beside it`,
    }));
    const found = await withP0(part, method, { cache, ...options }, (lnP0) => rowsBelow(lnP0, method, wanted, lnFloor));
    own.forEach(({ w, i }, k) => (rows[w].lnP[i] = found[k]));
    cache.trim();
    checkSize((words += found.reduce((sum, row) => sum + row.length, 0)));
  }
  return rows;
}

/** Error (kind resource). */
function checkSize(words: number): void {
  if (words <= MOST_WORDS) return;
  const message = `toys: p0 by events in and beside the windows fill more than ${MOST_WORDS / 2 ** 17} MB`;
  throw new DarkscanError('resource', `${message}, expected less; use fewer windows, or bands with fewer events`);
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

function labelOf({ ids }: AttainableOptions, w: number): string {
  return `window ${ids?.[w] ?? w}`;
}

function bandOf({ components }: CountingModel): BackgroundComponent {
  return components.find((c) => c.kind === 'side-band')!;
}

/** The model with other counts in the band. */
function withCounts(model: CountingModel, nOff: Uint32Array): CountingModel {
  const { tau } = bandOf(model);
  const b0 = Float64Array.from(nOff, (k, row) => k / tau![row]);
  return { ...model, components: model.components.map((c) => (c.kind === 'side-band' ? { ...c, nOff, b0 } : c)) };
}

function windowsWithP0(model: CountingModel): number[] {
  return Array.from(model.n.keys()).filter((w) => hasBackground(model, w));
}

/** Counts up to which asymptotic methods see no excess; -1 for those whose p0 is a sum. */
function nominalOf(model: CountingModel, method: P0Method, w: number): number {
  if (method !== 'profile' && method !== 'li-ma') return -1;
  return model.components.reduce((sum, { b0 }) => sum + b0[w], 0);
}
