/**
 * Efficiency, luminosity and branching as nuisances between POI and signal yield: T = POI s0 F(theta), -ln L = curve(T) +
 * constraints. The parameters are those of a counting model whose only component is the signal, so that they are profiled
 * as in windows; the count's -ln L is replaced by the profile curve.
 */
import { PARAM_KIND, type ProfileArrays } from '../../../kernels/shared/profile-arrays.ts';
import { ProfileFit } from '../../../kernels/shared/profile-fit.ts';
import { DarkscanError } from '../../../errors.ts';
import { SIGNAL_TARGETS, type CountingModel, type Nuisance } from '../../../model/counting-model.ts';
import { flattenProfile } from '../../flatten-profile.ts';
import type { PoiLikelihood } from './poi-likelihood.ts';
import type { Loss, ProfileCurve } from './profile-curve.ts';

/** A counting model of the signal alone, for its nuisances. Error of kind card for a nuisance on anything else. */
export function signalModel(sensitivity: ArrayLike<number>, nuisances: readonly Nuisance[]): CountingModel {
  for (const { name, effects } of nuisances)
    for (const { target } of effects)
      if (!(SIGNAL_TARGETS as readonly string[]).includes(target))
        throw new DarkscanError(
          'card',
          `nuisance ${name}: acts on ${target}, expected one of ${SIGNAL_TARGETS.join(', ')}; the background of a spectrum is fitted`,
        );
  const nWindows = sensitivity.length;
  return {
    nWindows,
    n: new Uint32Array(nWindows),
    components: [],
    sensitivity: Float64Array.from(sensitivity),
    nuisances,
  };
}

/** Profile fits for all hypotheses of a model. */
export class YieldFits extends ProfileFit {
  private curve: ProfileCurve | undefined;
  private here: Loss | undefined;

  constructor(model: CountingModel) {
    super(flattenedSignal(model));
  }

  /** The likelihood of one hypothesis; valid until the next call. */
  likelihood(h: number, curve: ProfileCurve, exact: PoiLikelihood): PoiLikelihood {
    return {
      ...exact,
      lossAt: (poi) => {
        if (this.curve !== curve) {
          this.load(h, 0);
          this.curve = curve;
          this.reset();
        }
        const loss = this.lowestAt(poi) - exact.lowest;
        return Number.isNaN(loss) ? undefined : Math.max(0, loss);
      },
    };
  }

  /** Both minima of nuisances that can have two. */
  private lowestAt(poi: number): number {
    this.x[0] = poi;
    let lowest = this.minimise(false);
    const retry = (k: number, start: number) => {
      this.reset();
      this.x[0] = poi;
      this.x[k] = k === 0 ? poi : start;
      const loss = this.minimise(false);
      if (!(loss >= lowest)) lowest = loss;
    };
    if (Number.isNaN(lowest)) retry(0, poi);
    for (let k = 1; k < this.K; k++)
      if (this.kinds[k] === PARAM_KIND.twoWay) for (const start of [1, -1]) retry(k, start);
    return lowest;
  }

  /** Without a count its term is the mean itself, which makes room for the curve. */
  override evaluate(): number {
    this.n = 0;
    const constraints = super.evaluate() - this.mean;
    this.here = this.curve?.at(this.mean);
    return this.here === undefined ? NaN : constraints + this.here.value;
  }

  override signalSlope(): number {
    return this.here?.slope ?? NaN;
  }

  /** The curvature of the count is n/mean^2. */
  override differentiate(): void {
    this.n = (this.here?.curvature ?? NaN) * this.mean * this.mean;
    super.differentiate();
    this.n = 0;
  }
}

function flattenedSignal(model: CountingModel): ProfileArrays {
  return flattenProfile(
    model,
    Array.from({ length: model.nWindows }, (_, h) => h),
  );
}
