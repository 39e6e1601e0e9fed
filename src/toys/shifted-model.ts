/**
 * What p0 sees of the background in a toy of the ensemble `auxiliary` (methods.md section 6): every constraint is centred
 * at its thrown measurement a instead of at 0. For z = a + z', z' ~ N(0, 1):
 *   normal (those of one target add)  1 + sum r_i z_i = (1 + sum r_i a_i)(1 + sum r_i z'_i / (1 + sum r_i a_i))
 *   lognormal                         exp(z ln(1 + r)) = exp(a ln(1 + r)) exp(z' ln(1 + r))
 * so b0 takes the first factor and the sizes of normals shrink by it: absolute widths stay.
 */
import { DarkscanError } from '../errors.ts';
import {
  BACKGROUND_TARGET,
  type BackgroundComponent,
  type CountingModel,
  type Nuisance,
} from '../model/counting-model.ts';
import type { AuxiliarySteps } from '../model/toys/auxiliary-steps.ts';
import { exp, log1p } from '../stats/portable.ts';

/** A centre below this part of its nominal value is taken there: backgrounds are not negative. */
const LEAST_CENTRE = 1e-3;

/**
 * The model with the measurements of step k.
 * Error (kind card): a gamma, or a nuisance with different sizes up and down, whose centre cannot be moved like this.
 */
export function shiftedModel(model: CountingModel, steps: AuxiliarySteps, k: number): CountingModel {
  const { nuisances, nWindows } = model;
  const components = steps.components?.[k] ?? model.components;
  const a = steps.z[k];
  const targets = [BACKGROUND_TARGET, ...components.map((c) => c.name)];
  const centres = new Map(targets.map((target) => [target, new Float64Array(nWindows).fill(1)]));
  const factors = new Map(targets.map((target) => [target, new Float64Array(nWindows).fill(1)]));
  nuisances.forEach((nuisance, i) => {
    for (const { target, up, down } of nuisance.effects) {
      const [centre, factor] = [centres.get(target), factors.get(target)];
      if (centre === undefined || factor === undefined || a[i] === 0) continue;
      refuse(nuisance, up, down);
      for (let w = 0; w < nWindows; w++) {
        if (nuisance.constraint === 'normal') centre[w] += up[w] * a[i];
        else factor[w] *= exp(a[i] * log1p(up[w]));
      }
    }
  });
  for (const centre of centres.values()) centre.forEach((c, w) => (centre[w] = Math.max(LEAST_CENTRE, c)));
  const moved = (c: BackgroundComponent, w: number) =>
    [BACKGROUND_TARGET, c.name].reduce((p, t) => p * centres.get(t)![w] * factors.get(t)![w], 1);
  let errors = nuisances.length;
  return {
    ...model,
    components: components.map((c) => {
      const own = c.kind === 'error-given' ? a[errors++] : 0;
      const b0 = c.b0.map((b, w) => {
        const centre = own === 0 ? b : Math.max(LEAST_CENTRE * b, b + own * c.error![w]);
        return centre * moved(c, w);
      });
      return { ...c, b0 };
    }),
    nuisances: nuisances.map((nuisance) => ({
      ...nuisance,
      effects: nuisance.effects.map((effect) => {
        const centre = centres.get(effect.target);
        if (nuisance.constraint !== 'normal' || centre === undefined) return effect;
        const shrunk = (sizes: Float64Array) => sizes.map((r, w) => r / centre[w]);
        return { ...effect, up: shrunk(effect.up), down: shrunk(effect.down) };
      }),
    })),
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
