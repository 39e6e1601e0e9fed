/**
 * Blind hypotheses of a scan of fits, and the bins that would tell of them: those under their signals. Their fits are made all
 * the same, for the background; what is withheld is everything that has seen a signal.
 */
import type { BlindMasses } from '../card.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { Interval } from './ranges.ts';
import type { Spectrum } from './spectrum.ts';

/** Events within this many widths of a blind signal are not shown. */
const HIDDEN_WIDTHS = 2;

/** [nHypotheses] 1 where the mass of the particle is in a blind range, ends included. */
export function blindHypotheses(ranges: readonly BlindMasses[], mass: Float64Array): Uint8Array {
  return Uint8Array.from(mass, (m) => (ranges.some(({ mass: [low, high] }) => m >= low && m <= high) ? 1 : 0));
}

/** In the variable of a spectrum, ascending and apart: position +- 2 widths of its blind hypotheses. */
export function hiddenIntervals(hypotheses: readonly Hypothesis[], blind: Uint8Array): Interval[] {
  const each = hypotheses
    .filter((_, h) => blind[h] === 1)
    .map(({ mass, sigma, width = sigma }): Interval => [mass - HIDDEN_WIDTHS * width, mass + HIDDEN_WIDTHS * width])
    .sort(([a], [b]) => a - b);
  const apart: Interval[] = [];
  for (const [low, high] of each) {
    const last = apart.at(-1);
    if (last !== undefined && low <= last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], high)];
    else apart.push([low, high]);
  }
  return apart;
}

/** [nBins] 1 for bins that reach into a hidden interval. */
export function hiddenBins({ low, high }: Pick<Spectrum, 'low' | 'high'>, hidden: readonly Interval[]): Uint8Array {
  return Uint8Array.from(low, (edge, bin) => (hidden.some(([from, to]) => edge < to && high[bin] > from) ? 1 : 0));
}
