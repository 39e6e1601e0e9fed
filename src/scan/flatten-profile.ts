/** Counting model -> the flat arrays of the profile kernels (layout and symbols: kernels/shared/profile-arrays.ts). */
import {
  CONSTANTS,
  NO_SLOT,
  PARAM_KIND,
  SLOTS,
  UNBOUNDED,
  valueOffsets,
  WINDOW_FLAG,
  type ProfileArrays,
} from '../kernels/shared/profile-arrays.ts';
import {
  BACKGROUND_TARGET,
  SIGNAL_TARGETS,
  type BackgroundComponent,
  type CountingModel,
} from '../model/counting-model.ts';
import { mergeNuisances, type Effect, type MergedNuisance } from '../model/profile/merge-nuisances.ts';

/** Target of the POI alone; no component can have this name. */
const SIGNAL = '\0signal';

/** A component of the likelihood: one of the model, or all exactly known ones that nothing tells apart. */
interface Part {
  readonly targets: readonly string[];
  /** Members of the model; empty for the signal. */
  readonly members: readonly BackgroundComponent[];
  /** Its parameter, for bands and simulation. */
  readonly own?: number;
}

interface Slot {
  readonly target: string;
  /** Parameter that carries it. */
  readonly own?: number;
}

/**
 * @param windows the windows in the order of the arrays
 * Parameters are the POI, one per component with counts of its own (band, simulation), then the merged nuisances; windows
 * without one of them hold it fixed.
 */
export function flattenProfile(model: CountingModel, windows: readonly number[]): ProfileArrays {
  const nuisances = mergeNuisances(model, windows);
  const counted = model.components.filter((c) => c.kind === 'side-band' || c.kind === 'mc-stat');
  const parts = partsOf(model, nuisances);
  const first = 1 + counted.length;
  const slots: Slot[] = [{ target: SIGNAL, own: 0 }, ...counted.map((c, i) => ({ target: c.name, own: 1 + i }))];
  for (const target of [...SIGNAL_TARGETS, BACKGROUND_TARGET, ...model.components.map((c) => c.name)]) {
    const acting = nuisances.filter((n) => n.kind === 'normal' && n.effects.some((e) => e.target === target));
    if (acting.length === 0) continue;
    const own = acting.find((n) => n.isOwn);
    slots.push({ target, own: own && first + nuisances.indexOf(own) });
  }
  const shape = { nParams: first + nuisances.length, nComponents: parts.length, nSlots: slots.length };
  const offsets = valueOffsets(shape);
  const arrays: ProfileArrays = {
    ...shape,
    structure: structureOf(parts, slots),
    kinds: new Uint32Array((shape.nParams + 1) * windows.length),
    values: new Float64Array(offsets.perWindow * windows.length),
  };
  windows.forEach((w, i) => {
    const window = new WindowWriter(arrays, offsets, i, parts, slots);
    window.writeCounted(model, counted, w);
    nuisances.forEach((nuisance, k) => window.writeNuisance(nuisance, first + k, w));
    window.writeBounds(first);
    window.writeWidest();
  });
  return arrays;
}

function partsOf(model: CountingModel, nuisances: readonly MergedNuisance[]): Part[] {
  const named = new Set(nuisances.flatMap((n) => n.effects.map((e) => e.target)));
  const plain = model.components.filter((c) => c.kind === 'known' && !named.has(c.name));
  const others = model.components.filter((c) => !plain.includes(c));
  const counted = others.filter((c) => c.kind === 'side-band' || c.kind === 'mc-stat');
  const partOf = (c: BackgroundComponent): Part => {
    const own = counted.indexOf(c);
    return { targets: [BACKGROUND_TARGET, c.name], members: [c], ...(own >= 0 && { own: 1 + own }) };
  };
  const known: Part[] = plain.length > 0 ? [{ targets: [BACKGROUND_TARGET], members: plain }] : [];
  return [{ targets: [SIGNAL, ...SIGNAL_TARGETS], members: [] }, ...others.map(partOf), ...known];
}

function structureOf(parts: readonly Part[], slots: readonly Slot[]): Uint32Array {
  const structure = new Uint32Array(slots.length + SLOTS * parts.length).fill(NO_SLOT);
  slots.forEach(({ own }, t) => (structure[t] = own ?? NO_SLOT));
  parts.forEach((part, c) => {
    slots
      .map((slot, t) => ({ slot, t }))
      .filter(({ slot }) => part.targets.includes(slot.target))
      .forEach(({ t }, s) => (structure[slots.length + SLOTS * c + s] = t));
  });
  return structure;
}

/** Writes the kinds and values of one window. */
class WindowWriter {
  private readonly arrays: ProfileArrays;
  private readonly kinds: Uint32Array;
  private readonly values: Float64Array;
  private readonly offsets: ReturnType<typeof valueOffsets>;
  private readonly parts: readonly Part[];
  private readonly slots: readonly Slot[];

  constructor(
    arrays: ProfileArrays,
    offsets: ReturnType<typeof valueOffsets>,
    i: number,
    parts: readonly Part[],
    slots: readonly Slot[],
  ) {
    this.arrays = arrays;
    this.offsets = offsets;
    this.kinds = arrays.kinds.subarray(i * (arrays.nParams + 1), (i + 1) * (arrays.nParams + 1));
    this.values = arrays.values.subarray(i * offsets.perWindow, (i + 1) * offsets.perWindow);
    this.parts = parts;
    this.slots = slots;
  }

  /** The POI, nominal means, and the counts behind bands and simulation. */
  writeCounted(model: CountingModel, counted: readonly BackgroundComponent[], w: number): void {
    this.setParam(0, PARAM_KIND.poi, [], 0);
    this.parts.forEach((part, c) => {
      this.values[c] = c === 0 ? model.sensitivity[w] : part.members.reduce((sum, { b0 }) => sum + b0[w], 0);
      if (part.own === undefined) {
        if (c > 0) this.values[this.offsets.background] += this.values[c];
        return;
      }
      const { a, tau, leak } = auxiliary(counted[part.own - 1], w);
      this.values[this.offsets.background] += a / tau;
      if (leak > 0) this.kinds[this.arrays.nParams] |= WINDOW_FLAG.leak;
      if (a > 0 && leak === 0) {
        this.values[c] = a / tau;
        this.setParam(part.own, PARAM_KIND.gamma, [a]);
        this.setExponent(c, part.own, 1, 1);
      } else {
        const scale = a > 0 ? a : 1;
        this.values[c] = scale / tau;
        this.setParam(part.own, PARAM_KIND.band, [a, scale, leak], -1);
      }
    });
  }

  writeNuisance(nuisance: MergedNuisance, k: number, w: number): void {
    const { kind, effects } = nuisance;
    if (kind === 'gamma') {
      const shape = nuisance.shape(w);
      if (shape > 0) this.setParam(k, PARAM_KIND.gamma, [shape]);
    } else if (nuisance.isOwn) {
      const size = effects[0].up(w);
      if (size > 0) this.setParam(k, PARAM_KIND.sum, [size], -1);
    } else {
      const shape = unitKind(effects, w);
      if (shape === PARAM_KIND.twoWay) this.kinds[this.arrays.nParams] |= WINDOW_FLAG.twoWay;
      this.setParam(k, shape, []);
    }
    for (const effect of effects) {
      const [up, down] = [effect.up(w), effect.down(w)];
      if (kind === 'normal') {
        const t = this.slots.findIndex((slot) => slot.target === effect.target && this.isSum(slot));
        if (!nuisance.isOwn) this.setSlope(t, k, up, down);
      } else {
        this.parts.forEach((part, c) => {
          if (part.targets.includes(effect.target)) this.setExponent(c, k, up, down);
        });
      }
    }
  }

  /** A normal that is alone in its target ends where the target's factor is 0. */
  writeBounds(first: number): void {
    const { nParams } = this.arrays;
    this.slots.forEach(({ own }, t) => {
      if (own !== undefined && this.kinds[own] !== PARAM_KIND.fixed) return;
      const acting: number[] = [];
      for (let k = first; k < nParams; k++) {
        const at = this.slopeAt(t, k);
        if (this.values[at] !== 0 || this.values[at + 1] !== 0) acting.push(k);
      }
      if (acting.length !== 1) return;
      const [k] = acting;
      const [up, down] = this.values.subarray(this.slopeAt(t, k));
      const at = this.offsets.constants + CONSTANTS * k;
      if (down > 0) this.values[at] = Math.max(this.values[at], -1 / down);
      if (up < 0) this.values[at + 1] = Math.min(this.values[at + 1], -1 / up);
    });
  }

  /** Largest variance of the logarithm of a background component, where there are several. */
  writeWidest(): void {
    const { nParams: K, nComponents: C } = this.arrays;
    let widest = 0;
    for (let c = 1; C > 2 && c < C; c++) {
      let variance = 0;
      for (let k = 1; k < K; k++) {
        const at = this.offsets.exponents + 2 * (c * K + k);
        const e = Math.max(Math.abs(this.values[at]), Math.abs(this.values[at + 1]));
        const shape = this.values[this.offsets.constants + CONSTANTS * k + 2];
        variance += this.kinds[k] === PARAM_KIND.gamma ? (e * e) / shape : e * e;
      }
      widest = Math.max(widest, variance);
    }
    this.values[this.offsets.widest] = widest;
  }

  private isSum({ own }: Slot): boolean {
    return own === undefined || own > this.parts.filter((part) => part.own !== undefined).length;
  }

  private setParam(k: number, kind: number, constants: readonly number[], lowest = -UNBOUNDED): void {
    this.kinds[k] = kind;
    this.values.set([lowest, UNBOUNDED, ...constants], this.offsets.constants + CONSTANTS * k);
  }

  /** Adds: `background` and the component's own name may both be targets of one nuisance. */
  private setExponent(c: number, k: number, up: number, down: number): void {
    const at = this.offsets.exponents + 2 * (c * this.arrays.nParams + k);
    this.values[at] += up;
    this.values[at + 1] += down;
  }

  private setSlope(t: number, k: number, up: number, down: number): void {
    this.values[this.slopeAt(t, k)] = up;
    this.values[this.slopeAt(t, k) + 1] = down;
  }

  private slopeAt(t: number, k: number): number {
    return this.offsets.sums + 2 * (t * this.arrays.nParams + k);
  }
}

function unitKind(effects: readonly Effect[], w: number): number {
  if (effects.every((e) => e.up(w) === 0 && e.down(w) === 0)) return PARAM_KIND.fixed;
  if (effects.every((e) => e.up(w) === e.down(w))) return PARAM_KIND.unit;
  return effects.some((e) => e.up(w) * e.down(w) < 0) ? PARAM_KIND.twoWay : PARAM_KIND.kinked;
}

/** Auxiliary count a ~ Poisson(tau b + leak s POI). A simulation of sum w = m, sum w^2 = v counts m^2/v at tau = m/v. */
function auxiliary(c: BackgroundComponent, w: number): { a: number; tau: number; leak: number } {
  if (c.kind === 'side-band') return { a: c.nOff![w], tau: c.tau![w], leak: c.leak?.[w] ?? 0 };
  const [m, v] = [c.b0[w], c.sumW2![w]];
  if (v > 0 && m > 0) return { a: (m * m) / v, tau: m / v, leak: 0 };
  return { a: 0, tau: 1 / c.meanWeight!, leak: 0 };
}
