/** How finely z of a single nuisance must be divided so that no count of a window notices the nodes. */
import { DarkscanError } from '../../errors.ts';
import { log1p } from '../../stats/portable.ts';
import { BACKGROUND_TARGET, type Nuisance } from '../counting-model.ts';
import { stepFor } from './factor-nodes.ts';

/** Smallest step: 4048 nodes. */
const SMALLEST_STEP = 0.0042;

/**
 * Step for the window whose background moves most, in units of the width of its count (factor-nodes.ts has the rule for one
 * count). Error (kind resource): windows with so many events that more than 4048 nodes would be needed.
 * @param components [nWindows] background of each component in every window, as many as the nuisance has sizes
 */
export function zStep(nuisance: Nuisance, components: readonly { name: string; b0: Float64Array }[]): number {
  const nWindows = components[0].b0.length;
  const effects = nuisance.effects.map(({ target, up, down }) => ({
    on: components.filter((c) => target === BACKGROUND_TARGET || c.name === target),
    up,
    down,
  }));
  let step = stepFor(0, 0);
  for (let w = 0; w < nWindows; w++) {
    let moved = 0;
    for (const { on, up, down } of effects) {
      const size = Math.max(reach(nuisance, up[w]), reach(nuisance, down[w]));
      for (const { b0 } of on) moved += size * b0[w];
    }
    const mean = components.reduce((sum, { b0 }) => sum + b0[w], 0);
    if (moved > 0) step = Math.min(step, stepFor(moved / mean, mean));
  }
  if (step >= SMALLEST_STEP) return step;
  const message = `toys: nuisance '${nuisance.name}' moves windows by ${Math.round(0.5 / step)} times the width of their count`;
  throw new DarkscanError(
    'resource',
    `${message}, at most ${Math.floor(0.5 / SMALLEST_STEP)}; use a smaller size or smaller windows`,
  );
}

function reach({ constraint }: Nuisance, size: number): number {
  return constraint === 'lognormal' ? Math.max(Math.abs(size), Math.abs(log1p(size))) : Math.abs(size);
}
