/**
 * What decides a toy: the largest Z over hypotheses, compared with that of the data. Fast fits are good to 1e-3 in Z, so
 * that of a toy within MARGIN of the data the hypotheses that may decide are fitted again in f64 to the last step, as
 * are those the fast fits leave open, in any toy. A hypothesis without a minimum in f64 too makes the toy a failure.
 */
import { RESULT_CODE } from '../../kernels/plan-bindings.ts';
import { TOY_STRIDE } from '../../kernels/toys/layout.ts';
import { hasFailed, signedZ, throwSpectrum, type OneToy } from './fit-toys.ts';
import type { ThrowTables } from '../../model/spectrum/throw-tables.ts';
import { rankOfZ } from './z-ranks.ts';

/** In Z, twenty times the error of a fast fit. */
export const MARGIN = 0.02;

/** Fast fits of a batch; item = toy of the batch * nHypotheses + hypothesis. */
export interface FastFits {
  readonly nHypotheses: number;
  z(item: number): number;
  /** There is no Z: to be fitted in f64. */
  isOpen(item: number): boolean;
}

/** How toys are decided in f64. */
export interface Decider {
  readonly tables: ThrowTables;
  readonly seed: number;
  /** Fits to the last step. */
  readonly toy: OneToy;
  readonly zObserved: number;
}

/** Writes TOY_STRIDE words for every toy of a batch and returns the toys that are still to be settled. */
export function rankFast(fits: FastFits, count: number, zObserved: number, words: Uint32Array): number[] {
  const { nHypotheses } = fits;
  const unsettled: number[] = [];
  for (let i = 0; i < count; i++) {
    let [best, place, nOpen] = [-Infinity, 0, 0];
    for (let h = 0, item = i * nHypotheses; h < nHypotheses; h++, item++) {
      if (fits.isOpen(item)) nOpen++;
      else if (fits.z(item) > best) [best, place] = [fits.z(item), h];
    }
    words.set([rankOfZ(best, zObserved), place, 0, RESULT_CODE.ok], TOY_STRIDE * i);
    if (nOpen > 0 || Math.abs(best - zObserved) <= MARGIN) unsettled.push(i);
  }
  return unsettled;
}

/**
 * Words of toys that rankFast left.
 * @param toyAt number of a toy of the batch
 */
export function settleToys(
  decider: Decider,
  fits: FastFits,
  toyAt: (i: number) => number,
  unsettled: readonly number[],
  words: Uint32Array,
): void {
  const { tables, seed, toy, zObserved } = decider;
  const { nHypotheses } = fits;
  for (const i of unsettled) {
    throwSpectrum(tables, seed, toyAt(i), toy.counts);
    toy.load();
    let [best, place, failed] = [-Infinity, 0, false];
    for (let h = 0, item = i * nHypotheses; h < nHypotheses; h++, item++) {
      let z = fits.z(item);
      if (fits.isOpen(item) || Math.abs(z - zObserved) <= MARGIN) {
        const numbers = toy.fit(h);
        if (hasFailed(numbers, 0)) {
          failed = true;
          continue;
        }
        z = signedZ(numbers, 0);
      }
      if (z > best) [best, place] = [z, h];
    }
    const code = failed ? RESULT_CODE.notConverged : RESULT_CODE.ok;
    words.set([rankOfZ(best, zObserved), place, 0, code], TOY_STRIDE * i);
  }
}
