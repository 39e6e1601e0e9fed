/** The compiled windows of one chunk as flat arrays: what kernels read, on every backend. */
import { moments, type Rule } from '../constraints/rule.ts';
import type { CountingModel } from '../counting-model.ts';
import { compileWindow, type PlannedLane } from './compile-window.ts';
import type { RuleCache } from './rule-cache.ts';

export interface FlatPlan {
  /** [nWindows + 1] first lane of each window. */
  readonly laneFirst: Uint32Array;
  /** [nLanes][4] first component, components, first signal node, signal nodes. */
  readonly lanes: Uint32Array;
  /** [nLanes][3] ln weight, signal events per unit POI at F = 1, leak into the side band of the first component. */
  readonly laneValues: Float64Array;
  /** [nComponents][2] first node, nodes. */
  readonly components: Uint32Array;
  /** [nComponents][2] scale, gamma shape (0: none). */
  readonly componentValues: Float64Array;
  /** [nNodes][3] factor F, ln weight, weight. */
  readonly nodes: Float64Array;
  /** Per window: mean and standard deviation of the background, of the predictive count, and of the sensitivity. */
  readonly backgroundMean: Float64Array;
  readonly backgroundDeviation: Float64Array;
  readonly countDeviation: Float64Array;
  readonly sensitivityDeviation: Float64Array;
  /** Most components of a lane, per window: more than one needs convolution. */
  readonly convolutions: Uint8Array;
}

/** Compiles the windows listed; entry i of every per-window array belongs to windows[i]. */
export function flattenPlan(
  model: CountingModel,
  windows: readonly number[],
  poiMax: number,
  cache: RuleCache,
): FlatPlan {
  const count = windows.length;
  const nodes = new NodeTable();
  const laneFirst = new Uint32Array(count + 1);
  const lanes: number[] = [];
  const laneValues: number[] = [];
  const components: number[] = [];
  const componentValues: number[] = [];
  const statistics = [0, 1, 2, 3].map(() => new Float64Array(count));
  const convolutions = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const planned = compileWindow(model, windows[i], poiMax, cache);
    for (const lane of planned) {
      lanes.push(
        components.length / 2,
        lane.components.length,
        nodes.place(lane.signalRule),
        lane.signalRule.factors.length,
      );
      laneValues.push(lane.lnWeight, lane.signalScale, lane.leak);
      for (const component of lane.components) {
        components.push(nodes.place(component.rule), component.rule.factors.length);
        componentValues.push(component.scale, component.shape);
      }
      convolutions[i] = Math.max(convolutions[i], lane.components.length - 1);
    }
    laneFirst[i + 1] = lanes.length / 4;
    describe(planned).forEach((value, j) => (statistics[j][i] = value));
  }
  return {
    laneFirst,
    lanes: Uint32Array.from(lanes),
    laneValues: Float64Array.from(laneValues),
    components: Uint32Array.from(components),
    componentValues: Float64Array.from(componentValues),
    nodes: nodes.values(),
    backgroundMean: statistics[0],
    backgroundDeviation: statistics[1],
    countDeviation: statistics[2],
    sensitivityDeviation: statistics[3],
    convolutions,
  };
}

/** All rules of a chunk, each stored once. */
class NodeTable {
  private readonly offsets = new Map<Rule, number>();
  private length = 0;

  place(rule: Rule): number {
    let offset = this.offsets.get(rule);
    if (offset === undefined) {
      offset = this.length;
      this.offsets.set(rule, offset);
      this.length += rule.factors.length;
    }
    return offset;
  }

  values(): Float64Array {
    const values = new Float64Array(3 * this.length);
    for (const [rule, offset] of this.offsets) {
      rule.factors.forEach((factor, i) => {
        const at = 3 * (offset + i);
        values[at] = factor;
        values[at + 1] = rule.lnWeights[i];
        values[at + 2] = Math.exp(rule.lnWeights[i]);
      });
    }
    return values;
  }
}

const cachedMoments = new WeakMap<Rule, { mean: number; deviation: number }>();

function momentsOf(rule: Rule): { mean: number; deviation: number } {
  let value = cachedMoments.get(rule);
  if (!value) cachedMoments.set(rule, (value = moments(rule)));
  return value;
}

/** Background mean and deviation, deviation of the predictive count, deviation of the sensitivity. */
function describe(lanes: readonly PlannedLane[]): [number, number, number, number] {
  let total = 0;
  let mean = 0;
  let square = 0;
  let signal = 0;
  let signalSquare = 0;
  for (const lane of lanes) {
    const weight = Math.exp(lane.lnWeight);
    let laneMean = 0;
    let laneVariance = 0;
    for (const { rule, scale, shape } of lane.components) {
      const f = momentsOf(rule);
      const k = shape > 0 ? shape : 1;
      const m = scale * f.mean * k;
      // variance of scale F G with G ~ Gamma(k, 1): E[F^2] k (k + 1) - E[F]^2 k^2
      const second = f.deviation ** 2 + f.mean ** 2;
      laneMean += m;
      laneVariance += scale * scale * (shape > 0 ? second * k * (k + 1) - (f.mean * k) ** 2 : f.deviation ** 2);
    }
    const s = momentsOf(lane.signalRule);
    total += weight;
    mean += weight * laneMean;
    square += weight * (laneVariance + laneMean * laneMean);
    signal += weight * lane.signalScale * s.mean;
    signalSquare += weight * lane.signalScale ** 2 * (s.deviation ** 2 + s.mean ** 2);
  }
  mean /= total;
  signal /= total;
  const variance = Math.max(0, square / total - mean * mean);
  const signalVariance = Math.max(0, signalSquare / total - signal * signal);
  return [mean, Math.sqrt(variance), Math.sqrt(mean + variance), Math.sqrt(signalVariance)];
}
