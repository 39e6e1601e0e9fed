/**
 * One background for the whole spectrum from local fits, each of which knows its own range only. In every bin the background-only
 * fits to the data whose range holds the bin, linear in mass between the nearest hypothesis below its centre and the
 * nearest one above, of those that have a fit: near a mass it is the fit that tests it. A bin in no range
 * expects nothing: no fit sees it.
 */
import type { Spectrum } from '../../model/spectrum/spectrum.ts';
import { fitCurves } from './fit-curves.ts';
import type { SpectrumPart } from './part.ts';

export type Fitted = Pick<SpectrumPart, 'spectrum' | 'hypotheses' | 'plan'>;

/** [nBins] expected events of one part; exactly the fit where all ranges are the whole spectrum. */
export function stitchedBackground({ spectrum, hypotheses, plan }: Fitted): Float64Array {
  const { nBins, low, high, counts } = spectrum;
  const centre = low.map((edge, bin) => 0.5 * (edge + high[bin]));
  const below: Nearest = { mass: new Float64Array(nBins).fill(-Infinity), mean: new Float64Array(nBins) };
  const above: Nearest = { mass: new Float64Array(nBins).fill(Infinity), mean: new Float64Array(nBins) };
  hypotheses.forEach(({ mass }, h) => {
    const { bins, background } = fitCurves(plan, counts, h) ?? NO_CURVES;
    bins.forEach((bin, i) => {
      const isBelow = mass <= centre[bin];
      const side = isBelow ? below : above;
      if (isBelow ? mass < side.mass[bin] : mass >= side.mass[bin]) return;
      side.mass[bin] = mass;
      side.mean[bin] = background[i];
    });
  });
  return centre.map((x, bin) => {
    const [from, to] = [below.mass[bin], above.mass[bin]];
    if (to === Infinity) return below.mean[bin];
    if (from === -Infinity) return above.mean[bin];
    const share = (x - from) / (to - from);
    return below.mean[bin] + share * (above.mean[bin] - below.mean[bin]);
  });
}

/** [nHypotheses] expected events of one part within 2 widths of every signal. @param background [nBins] */
export function backgroundUnderSignals({ spectrum, hypotheses }: Fitted, background: Float64Array): Float64Array {
  return Float64Array.from(hypotheses, ({ mass, sigma, width = sigma }) =>
    eventsBetween(spectrum, background, mass - 2 * width, mass + 2 * width),
  );
}

/** Expected events from x = `from` to `to`: of a bin that reaches out of it its share. @param expected [nBins] */
export function eventsBetween(
  { low, high, nBins }: Pick<Spectrum, 'low' | 'high' | 'nBins'>,
  expected: Float64Array,
  from: number,
  to: number,
): number {
  let events = 0;
  for (let bin = 0; bin < nBins; bin++) {
    const inside = Math.min(high[bin], to) - Math.max(low[bin], from);
    if (inside > 0) events += (expected[bin] * inside) / (high[bin] - low[bin]);
  }
  return events;
}

/** [nBins] mass of the nearest hypothesis on one side, and what its fit expects. */
interface Nearest {
  readonly mass: Float64Array;
  readonly mean: Float64Array;
}

const NO_CURVES = { bins: new Uint32Array(0), background: new Float64Array(0) };
