/**
 * What p0 sees of the background in a toy of the ensemble `auxiliary` (methods.md section 6): every constraint is centred
 * at its thrown measurement a instead of at 0. For z = a + z', z' ~ N(0, 1):
 *   normal (those of one target add)  1 + sum r_i z_i = (1 + sum r_i a_i)(1 + sum r_i z'_i / (1 + sum r_i a_i))
 *   lognormal                         exp(z ln(1 + r)) = exp(a ln(1 + r)) exp(z' ln(1 + r))
 * so b0 takes the first factor and the sizes of normals shrink by it: absolute widths stay. The error of a background
 * table is a normal of its component; weights of simulated events take the factor too, so that their number stays.
 */
import { DarkscanError } from '../errors.ts';
import {
  BACKGROUND_TARGET,
  type BackgroundComponent,
  type CountingModel,
  type Nuisance,
} from '../model/counting-model.ts';
import type { AuxiliarySteps } from '../model/toys/auxiliary-steps.ts';
import { toyNuisances } from '../model/toys/toy-nuisances.ts';
import { exp, log1p } from '../stats/portable.ts';

/** A centre below this part of its nominal value is taken there: backgrounds are not negative. */
const LEAST_CENTRE = 1e-3;

/** [nWindows] by target. */
type Factors = ReadonlyMap<string, Float64Array>;

/**
 * The model with the measurements of step k (one per nuisance of toyNuisances()).
 * Error (kind card): a gamma, or a nuisance with different sizes up and down, whose centre cannot be moved like this.
 */
export function shiftedModel(model: CountingModel, steps: AuxiliarySteps, k: number): CountingModel {
  const components = steps.components?.[k] ?? model.components;
  const { centres, factors } = movesOf({ ...model, components }, steps.z[k]);
  const shrunk = (sizes: Float64Array, target: string) => sizes.map((r, w) => r / centres.get(target)![w]);
  return {
    ...model,
    components: components.map((c) => {
      const [own, all] = [centres.get(c.name)!, centres.get(BACKGROUND_TARGET)!];
      const [ownFactor, allFactor] = [factors.get(c.name)!, factors.get(BACKGROUND_TARGET)!];
      const others = all.map((centre, w) => centre * allFactor[w] * ownFactor[w]);
      return moved(c, own, others);
    }),
    nuisances: model.nuisances.map((nuisance) => ({
      ...nuisance,
      effects: nuisance.effects.map((effect) => {
        const { target, up, down } = effect;
        if (nuisance.constraint !== 'normal' || !centres.has(target)) return effect;
        return { target, up: shrunk(up, target), down: shrunk(down, target) };
      }),
    })),
  };
}

/** Of every target of the background: centre of its normals, product of its lognormals. */
function movesOf(model: CountingModel, a: Float64Array): { centres: Factors; factors: Factors } {
  const targets = [BACKGROUND_TARGET, ...model.components.map((c) => c.name)];
  const ones = () => new Map(targets.map((target) => [target, new Float64Array(model.nWindows).fill(1)]));
  const [centres, factors] = [ones(), ones()];
  toyNuisances(model).forEach((nuisance, i) => {
    for (const { target, up, down } of nuisance.effects) {
      const [centre, factor] = [centres.get(target), factors.get(target)];
      if (centre === undefined || factor === undefined || a[i] === 0) continue;
      refuse(nuisance, up, down);
      for (let w = 0; w < model.nWindows; w++) {
        if (nuisance.constraint === 'normal') centre[w] += up[w] * a[i];
        else factor[w] *= exp(a[i] * log1p(up[w]));
      }
    }
  });
  for (const centre of centres.values()) centre.forEach((c, w) => (centre[w] = Math.max(LEAST_CENTRE, c)));
  return { centres, factors };
}

/** @param own centre of the normals of this component, of which its error is one; others: the rest of its factor */
function moved(c: BackgroundComponent, own: Float64Array, others: Float64Array): BackgroundComponent {
  const factor = own.map((centre, w) => centre * others[w]);
  const mean = factor.reduce((sum, f) => sum + f, 0) / Math.max(1, factor.length);
  return {
    ...c,
    b0: c.b0.map((b, w) => b * factor[w]),
    ...(c.error && { error: c.error.map((e, w) => e * others[w]) }),
    ...(c.sumW2 && { sumW2: c.sumW2.map((v, w) => v * factor[w] * factor[w]) }),
    // one number for all windows: it matters in those without a simulated event
    ...(c.meanWeight !== undefined && { meanWeight: c.meanWeight * mean }),
    ...(c.tau && { tau: c.tau.map((tau, w) => tau / factor[w]) }),
  };
}

function refuse({ name, constraint }: Nuisance, up: Float64Array, down: Float64Array): void {
  const found =
    constraint === 'gamma'
      ? 'is a gamma'
      : up.some((r, w) => r !== down[w])
        ? 'has different sizes up and down'
        : undefined;
  if (found === undefined) return;
  const message = `card: nuisance '${name}' ${found}, which toys of the ensemble auxiliary cannot measure again`;
  throw new DarkscanError('card', `${message}; make it a normal or lognormal of one size`, { where: 'nuisances' });
}
