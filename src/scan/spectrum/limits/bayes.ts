/** Bayesian upper limits of a spectrum's hypotheses: posterior of spectrum-posterior.ts, root of bayes_limit.ts. */
import { upperLimit } from '../../../kernels/bayes_limit.ts';
import { RESULT_CODE } from '../../../kernels/plan-bindings.ts';
import type { CountingModel, Nuisance } from '../../../model/counting-model.ts';
import { compileWindow } from '../../../model/plan/compile-window.ts';
import { RuleCache } from '../../../model/plan/rule-cache.ts';
import { limitParams, type BayesRequest } from '../../statistics.ts';
import type { SmoothCurve } from './limit-fits.ts';
import type { ProfileCurve } from './profile-curve.ts';
import { SpectrumPosterior, type YieldNodes } from './spectrum-posterior.ts';
import type { LimitStatus } from './types.ts';
import { signalModel } from './yield-nuisances.ts';

export class BayesLimits {
  private readonly sensitivity: ArrayLike<number>;
  private readonly nuisances: readonly Nuisance[];
  private readonly cache = new RuleCache();

  constructor(sensitivity: ArrayLike<number>, nuisances: readonly Nuisance[]) {
    this.sensitivity = sensitivity;
    this.nuisances = nuisances;
  }

  /** The limit, or why there is none; `status` is ok or prior-edge with a limit. */
  limit(h: number, smooth: SmoothCurve, request: BayesRequest): { limit: number | undefined; status: LimitStatus } {
    const { tail, poi_max: edge } = limitParams(request);
    const posterior = SpectrumPosterior.of(smooth, this.nodes(h, smooth.curve, edge || Infinity));
    if (posterior === undefined) return { limit: undefined, status: 'not-converged' };
    const [limit, code] = upperLimit(posterior, tail, edge || Infinity);
    if (code === RESULT_CODE.ok) return { limit, status: 'ok' };
    if (code === RESULT_CODE.priorEdge) return { limit, status: 'prior-edge' };
    return { limit: undefined, status: 'not-converged' };
  }

  /** Nodes as fine as a counting experiment with the same S^ and error would need them. */
  private nodes(h: number, { best }: ProfileCurve, poiMax: number): YieldNodes {
    const s0 = this.sensitivity[h];
    if (this.nuisances.length === 0) return { signals: Float64Array.of(s0), weights: Float64Array.of(1) };
    const b0 = best.curvature > 0 ? 1 / best.curvature : 1;
    const one = signalModel(
      [s0],
      this.nuisances.map((nuisance) => ofHypothesis(nuisance, h)),
    );
    const model: CountingModel = {
      ...one,
      n: Uint32Array.of(Math.max(0, b0 + best.signal)),
      components: [{ name: 'spectrum', kind: 'known', b0: Float64Array.of(b0) }],
    };
    const signals: number[] = [];
    const weights: number[] = [];
    for (const { lnWeight, signalScale, signalRule } of compileWindow(model, 0, poiMax, this.cache))
      signalRule.factors.forEach((factor, i) => {
        signals.push(signalScale * factor);
        weights.push(Math.exp(lnWeight + signalRule.lnWeights[i]));
      });
    return { signals: Float64Array.from(signals), weights: Float64Array.from(weights) };
  }
}

function ofHypothesis({ name, constraint, effects }: Nuisance, h: number): Nuisance {
  const only = (values: Float64Array) => values.subarray(h, h + 1);
  return {
    name,
    constraint,
    effects: effects.map(({ target, up, down }) => ({ target, up: only(up), down: only(down) })),
  };
}
