/** The spectrum toys are thrown from. */
import { DarkscanError } from '../../errors.ts';
import { stitchedBackground, type Fitted } from '../../scan/spectrum/stitched-background.ts';

/**
 * [all bins] of all parts, one after the other.
 * @param given per part [nBins], in the place of stitched fits. Error (kind data): another length, negative, not finite
 */
export function expectedBackground(parts: readonly Fitted[], given?: readonly ArrayLike<number>[]): Float64Array {
  const expected = given ?? parts.map(stitchedBackground);
  parts.forEach(({ spectrum: { nBins } }, p) => {
    const found = expected[p]?.length ?? 0;
    if (found !== nBins)
      throw new DarkscanError(
        'data',
        `toys: ${found} expected counts for part ${p} of ${nBins} bins; give one per bin`,
      );
  });
  const all = Float64Array.from(expected.flatMap((values) => Array.from(values)));
  const bin = all.findIndex((value) => !(value >= 0 && value < Infinity));
  if (bin >= 0)
    throw new DarkscanError('data', `toys: bin ${bin} expects ${all[bin]} events, expected a finite number >= 0`);
  return all;
}
