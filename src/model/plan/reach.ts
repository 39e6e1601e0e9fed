/**
 * How far and how finely a constraint must be integrated in one window (the `Reach` of model/constraints/nodes.ts):
 * where the joint mode of constraint and Poisson likelihood lies, for the observed n as well as for typical n.
 * Prior and likelihood are log-concave, so +-8.3 prior widths around both modes lose less than 1e-15.
 */
import type { AtomKind } from '../constraints/group.ts';
import { Z_REACH, type Reach } from '../constraints/nodes.ts';

/** What the reach depends on, in one window. */
export interface WindowScale {
  /** Nominal expected background. */
  readonly background: number;
  /** Observed count; the background itself where there is none. */
  readonly n: number;
  /** Relative width in ln s of the posterior tail near the limit: what an efficiency is compared with. */
  readonly signalWidth: number;
  /** s0 * POI_max, or 0 where POI_max is infinite. */
  readonly signalEdge: number;
}

/** Scales of one window; `spread` is the standard deviation of the background. */
export function windowScale(
  background: number,
  spread: number,
  n: number,
  sensitivity: number,
  poiMax: number,
): WindowScale {
  const noise = Math.sqrt(n + 1 + spread * spread);
  const signal = Math.max(0, n - background) + 1.7 * noise + 1.5;
  const typical = Math.sqrt(background + 1 + spread * spread);
  const signalWidth = Math.min(0.5, noise / signal, typical / (1.7 * typical + 1.5));
  const edge = Number.isFinite(poiMax) ? sensitivity * poiMax : 0;
  return { background, n, signalWidth, signalEdge: edge };
}

/** Constraint of relative width r on a part `part` of the background. */
export function backgroundReach(r: number, part: number, scale: WindowScale, kind: AtomKind): Reach {
  const { background, n } = scale;
  const effect = r * part;
  if (effect === 0) return plainReach(1, 0);
  const mode = modeOf(kind, r, part, scale);
  const low = Math.max(background - 3 * effect, 0.3 * background);
  const bulk = (effect * effect) / low;
  const atMode = mode.mean > 0 ? (n * mode.slope * mode.slope) / (mode.mean * mode.mean) : 0;
  const halfLine = Math.min(atMode, n + 1);
  const width = 1 / Math.sqrt(1 + Math.max(bulk, halfLine));
  const zLow = Math.min(-Z_REACH, Math.floor(mode.z - Z_REACH));
  const zHigh = Math.max(Z_REACH, Math.ceil(mode.z + Z_REACH));
  const lowest = n < background ? quantised((n + 1) / (part + 1), 4) : 1;
  return { zLow, zHigh, width: quantised(width, Math.SQRT2), power: 0, lowest: Math.min(1, lowest), hermite: 0 };
}

/** Constraint of relative width r on the signal alone. */
export function signalReach(r: number, scale: WindowScale): Reach {
  const ratio = r / scale.signalWidth;
  const width = quantised(1 / Math.sqrt(1 + ratio * ratio), Math.SQRT2);
  const lowest = scale.signalEdge > 0 ? quantised(Math.min(1, 1 / (10 * scale.signalEdge)), 10) : 1;
  return { zLow: -Z_REACH - 2, zHigh: Z_REACH, width, power: 1, lowest, hermite: hermiteNodes(ratio) };
}

/** A nuisance acting on several targets: r on the signal, `effect` = events of background per unit z. */
export function sharedReach(r: number, effect: number, scale: WindowScale): Reach {
  const ofBackground = backgroundReach(
    Math.abs(effect) / Math.max(scale.background, 1e-300),
    scale.background,
    scale,
    'normal',
  );
  const ratio = Math.abs(r) / scale.signalWidth;
  const pull =
    (Math.abs(effect) * (Math.abs(scale.n - scale.background) + Math.sqrt(scale.background) + 1)) /
    Math.max(scale.background, 1e-300);
  const width = 1 / Math.sqrt(1 / (ofBackground.width * ofBackground.width) + ratio * ratio);
  return {
    ...ofBackground,
    zLow: Math.min(ofBackground.zLow, -Z_REACH - 2),
    width: quantised(width, Math.SQRT2),
    hermite: hermiteNodes(ratio + pull),
  };
}

export function plainReach(width: number, power: 0 | 1): Reach {
  return { zLow: -Z_REACH, zHigh: Z_REACH, width, power, lowest: 1, hermite: 0 };
}

/** Gauss-Hermite nodes for an integrand that varies by `ratio` e-folds per z: error about ratio^2m / m!; 0 = too many. */
export function hermiteNodes(ratio: number, most = 8): number {
  let error = 1;
  for (let m = 1; m <= most; m++) {
    error *= (ratio * ratio) / m;
    if (error < 1e-13) return Math.max(2, m);
  }
  return 0;
}

interface Mode {
  readonly z: number;
  /** Background there, and its change per unit z. */
  readonly mean: number;
  readonly slope: number;
}

function modeOf(kind: AtomKind, r: number, part: number, { background, n }: WindowScale): Mode {
  if (kind === 'lognormal') return lognormalMode(r, part, background, n);
  if (kind === 'normal') return normalMode(r * part, background, n);
  // Gamma(k, rate k): with nothing else in the window F = (k + n)/(k + part), never farther out
  const shape = 1 / (r * r);
  const f = (shape + n) / (shape + part);
  return { z: (f - 1) / r, mean: background - part + part * f, slope: r * part };
}

/** Mode of N(z; 0, 1) Poisson(n; b + effect z): the closed form b^^ of methods.md section 2. */
function normalMode(effect: number, b: number, n: number): Mode {
  const d2 = effect * effect;
  const sum = b - d2;
  const root = Math.sqrt(sum * sum + 4 * n * d2);
  const mean = sum >= 0 ? 0.5 * (sum + root) : (2 * n * d2) / (root - sum);
  return { z: (mean - b) / effect, mean, slope: effect };
}

/** Mode of N(z; 0, 1) Poisson(n; rest + part exp(sigma z)), by bisection of the monotone derivative. */
function lognormalMode(sigma: number, part: number, b: number, n: number): Mode {
  const rest = b - part;
  const derivative = (z: number) => {
    const moved = part * Math.exp(sigma * z);
    return -z + sigma * moved * (n / (rest + moved) - 1);
  };
  let low = -1;
  while (derivative(low) < 0) low *= 2;
  let high = 1;
  while (derivative(high) > 0) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (derivative(middle) > 0) low = middle;
    else high = middle;
  }
  const moved = part * Math.exp(sigma * low);
  return { z: low, mean: rest + moved, slope: sigma * moved };
}

/** Rounds down to a power of `base`, so that windows of similar needs share one rule. */
function quantised(value: number, base: number): number {
  return base ** Math.floor(Math.log(value) / Math.log(base) + 1e-9);
}
