/** Bins of a spectrum as they are drawn: with too many of them several as one, heights per unit of the axis. */
import type { FigureSpectrum } from './figure-inputs.ts';

/** More would be narrower than a pixel. */
const MOST_BINS = 690;
/** Part of a bin by which edges may differ and be the same. */
export const SAME = 1e-6;

export interface DrawnBin {
  readonly low: number;
  readonly high: number;
  /** NaN where some of it is blind. */
  readonly n: number;
  /** [nCurves] expected events; NaN where the curve has none. */
  readonly expected: readonly number[];
}

export interface DrawnBins {
  readonly bins: readonly DrawnBin[];
  /** Bins of the spectrum in one that is drawn. */
  readonly merged: number;
  /** Heights are events per this: the width of the bins where it is one and the same, else 1. */
  readonly per: number;
  /** "events / (5 GeV)": title of the axis. */
  readonly title: string;
}

/** Events of a bin -> height: divided by the width of the bin where these differ. */
export function heightOf({ low, high }: DrawnBin, events: number, per: number): number {
  return (events * per) / (high - low);
}

/**
 * @param chosen bins of the spectrum, ascending; gaps between bins stay gaps
 * @param curves expected events, each with one number per chosen bin, null where there is none
 */
export function drawnBins(
  { low, high, counts, unit }: FigureSpectrum,
  chosen: readonly number[],
  curves: readonly (readonly (number | null)[])[],
): DrawnBins {
  const merged = Math.max(1, Math.ceil(chosen.length / MOST_BINS));
  const bins: DrawnBin[] = [];
  let inLast = merged;
  chosen.forEach((bin, i) => {
    const expected = curves.map((curve) => curve[i] ?? NaN);
    const last = bins.at(-1);
    const touches = last !== undefined && low[bin] - last.high < SAME * (high[bin] - low[bin]);
    if (touches && inLast < merged) {
      const sums = expected.map((value, k) => value + last.expected[k]);
      bins[bins.length - 1] = { low: last.low, high: high[bin], n: last.n + (counts[bin] ?? NaN), expected: sums };
      inLast++;
    } else {
      bins.push({ low: low[bin], high: high[bin], n: counts[bin] ?? NaN, expected });
      inLast = 1;
    }
  });
  const width = chosen.length > 0 ? high[chosen[0]] - low[chosen[0]] : 1;
  const isRegular = chosen.every((bin) => Math.abs(high[bin] - low[bin] - width) < SAME * width);
  const per = isRegular ? width * merged : 1;
  return { bins, merged, per, title: heightTitle(per, isRegular, unit) };
}

function heightTitle(per: number, isRegular: boolean, unit: string): string {
  const number = Number(per.toPrecision(6));
  if (unit !== '') return number === 1 && !unit.includes('/') ? `events / ${unit}` : `events / (${number} ${unit})`;
  return isRegular ? `events / ${number}` : 'events / width of the bin';
}
