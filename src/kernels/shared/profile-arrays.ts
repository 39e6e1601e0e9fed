/**
 * How a window's likelihood lies in flat arrays (made by scan/flatten-profile.ts, read by profile-likelihood.ts
 * and shaders/shared/profile.wgsl). Expected events are a sum over components c (0 is the signal) of products,
 *   m_c = base_c prod_slots f_t exp(sum_k e_ck x_k),   f_t = 1 + x_own, POI, or 1 + sum_k r_tk x_k,
 * with parameters x (0 is the POI) of the kinds below. e and r are pairs (x > 0, x < 0).
 */
import type { Binding, KernelArray, Param, ParamValues } from '../kernel.ts';

/** Kinds of parameters, what they cost in -ln L, and their constants after the lowest and highest value. */
export const PARAM_KIND = {
  fixed: 0,
  /** x^2/2. */
  unit: 1,
  /** The same with r+ != r-, of one sign. */
  kinked: 2,
  /** The same, both sides raise or both lower something: two minima can exist. */
  twoWay: 3,
  /** ln g of a gamma factor: k (g - 1 - ln g); k. */
  gamma: 4,
  /** f - 1 of a sum of normals with a normal of its own: ((x - sum_k r_k x_k)/r0)^2/2; r0. */
  sum: 5,
  /** f - 1 of a band's background: Poisson deviance of a from A (1 + x) + leak m_0; a, A, leak. */
  band: 6,
  poi: 7,
} as const;

export const NO_SLOT = 0xffffffff;
/** Slots of a component, at most. */
export const SLOTS = 4;
/** Constants of a parameter: lowest and highest value, three of its kind. */
export const CONSTANTS = 5;

/**
 * 2 (-ln L) of a fit times `widest`, the largest sum_k e_ck^2 (variance of ln m_c), above which components may compete for
 * an excess: -ln L can have several minima. At a minimum x = rho m e, so that among components the curvature is 1 - e x,
 * above 1/2 for all pulls x this fit would allow below the limit. `widest` is 0 where there is one component.
 */
export const MANY_MINIMA = 0.25;

/** Bits of a window's flags. */
export const WINDOW_FLAG = { leak: 1, twoWay: 2 } as const;
/** An unbounded parameter's bounds; a number f32 can hold. */
export const UNBOUNDED = 1e30;

/** Most parameters, components and slots that the shaders have room for. */
export const MOST_IN_SHADER = { nParams: 16, nComponents: 8, nSlots: 12 } as const;

export interface ProfileShape {
  /** With the POI, which is 0. */
  readonly nParams: number;
  /** With the signal, which is 0. */
  readonly nComponents: number;
  readonly nSlots: number;
}

export interface ProfileArrays extends ProfileShape {
  /** [nSlots] parameter a slot belongs to or NO_SLOT, then [nComponents][SLOTS] slot or NO_SLOT. */
  readonly structure: Uint32Array;
  /** [nWindows][nParams + 1] kinds, then WINDOW_FLAG bits. */
  readonly kinds: Uint32Array;
  /** [nWindows][valuesPerWindow]: base [C], nominal background, widest, constants [K][5], e [C][K][2], r [T][K][2]. */
  readonly values: Float64Array;
}

export const PROFILE_BINDINGS: readonly Binding[] = [
  { name: 'items', element: 'u32', access: 'read' }, // [nItems][2] window, n
  { name: 'structure', element: 'u32', access: 'read' },
  { name: 'kinds', element: 'u32', access: 'read' },
  { name: 'values', element: 'f64', access: 'read' },
  { name: 'result', element: 'f64', access: 'write' }, // [nItems][2] number, code
];

export const PROFILE_PARAMS: readonly Param[] = [
  { name: 'n_params', type: 'u32' },
  { name: 'n_components', type: 'u32' },
  { name: 'n_slots', type: 'u32' },
];

export const PROFILE_STRIDE = 2;

export function shapeParams({ nParams, nComponents, nSlots }: ProfileShape): ParamValues {
  return { n_params: nParams, n_components: nComponents, n_slots: nSlots };
}

export function profileArrays(arrays: readonly KernelArray[], params: ParamValues): ProfileArrays {
  return {
    nParams: params.n_params,
    nComponents: params.n_components,
    nSlots: params.n_slots,
    structure: arrays[1] as Uint32Array,
    kinds: arrays[2] as Uint32Array,
    values: arrays[3] as Float64Array,
  };
}

/** Offsets of the parts of a window's values. */
export function valueOffsets({ nParams: K, nComponents: C, nSlots: T }: ProfileShape) {
  const background = C;
  const widest = C + 1;
  const constants = C + 2;
  const exponents = constants + CONSTANTS * K;
  const sums = exponents + 2 * C * K;
  return { background, widest, constants, exponents, sums, perWindow: sums + 2 * T * K };
}

export function fitsShader(shape: ProfileShape): boolean {
  const { nParams, nComponents, nSlots } = MOST_IN_SHADER;
  return shape.nParams <= nParams && shape.nComponents <= nComponents && shape.nSlots <= nSlots;
}
