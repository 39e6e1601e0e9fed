/** S^ where the shape of the signal is uncertain too: -ln L at given S is convex, its minimum over S need not be the only one. */
import type { FixedSignalFits, ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';
import { ProfileCurve } from './profile-curve.ts';

const MAX_STEPS = 50;
/** In units of the error of S^. */
const LAST_STEP = 1e-7;
const LONGEST = 2;

/** The curve of what is loaded, from its best fit; undefined without convergence. */
export function bestCurve(fits: FixedSignalFits): ProfileCurve | undefined {
  const start = fits.freeSignal();
  if (start === undefined) return undefined;
  let best = fits.at(start);
  if (best !== undefined && fits.nShapes > 0) {
    best = lowestFrom(fits, best);
    const atZero = fits.at(0, best);
    if (best !== undefined && atZero !== undefined && atZero.curvature <= 0) best = lowestOfBoth(fits, best, atZero);
    best &&= fits.at(best.signal, best, true);
  }
  return best && new ProfileCurve(fits, best);
}

/** Newton steps downhill. */
function lowestFrom(fits: FixedSignalFits, start: ProfilePoint): ProfilePoint | undefined {
  let here = start;
  const scale = scaleOf(start);
  for (let i = 0; i < MAX_STEPS; i++) {
    const { signal, slope, curvature, loss } = here;
    const newton = curvature > 0 ? -slope / curvature : -Math.sign(slope) * scale;
    let step = Math.sign(newton) * Math.min(Math.abs(newton), LONGEST * scale);
    let next: ProfilePoint | undefined;
    while (Math.abs(step) > LAST_STEP * scale) {
      next = fits.at(signal + step, here);
      if (next === undefined || next.loss <= loss) break;
      step *= 0.5;
    }
    if (Math.abs(step) <= LAST_STEP * scale) return here;
    if (next === undefined) return undefined;
    here = next;
  }
  return undefined;
}

/** Where S = 0 is a maximum there is a minimum on either side. */
function lowestOfBoth(fits: FixedSignalFits, best: ProfilePoint, atZero: ProfilePoint): ProfilePoint {
  const other = fits.at(-Math.sign(best.signal || 1) * scaleOf(best), atZero);
  const found = other && lowestFrom(fits, other);
  return found && found.loss < best.loss ? found : best;
}

function scaleOf({ curvature, error, signal }: ProfilePoint): number {
  return curvature > 0 ? 1 / Math.sqrt(curvature) : error > 0 ? error : 1 + Math.abs(signal);
}
