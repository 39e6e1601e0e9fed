/** Counting models for the profile kernels: many nuisances, bands, simulation, leaks, kinks, and calls of a kernel on them. */
import type { Kernel, ParamValues } from '../../src/kernels/kernel.ts';
import { PROFILE_STRIDE, shapeParams } from '../../src/kernels/shared/profile-arrays.ts';
import type { BackgroundComponent, CountingModel, Nuisance } from '../../src/model/counting-model.ts';
import { flattenProfile } from '../../src/scan/flatten-profile.ts';
import { spread } from './counting.ts';
import { POISON, type KernelCall } from './kernel-parity.ts';

export function profileCall(kernel: Kernel, model: CountingModel, params: ParamValues = {}): KernelCall {
  const windows = Array.from({ length: model.nWindows }, (_, i) => i);
  const arrays = flattenProfile(model, windows);
  const items = Uint32Array.from(windows.flatMap((i) => [i, model.n[i]]));
  const result = new Float64Array(PROFILE_STRIDE * model.nWindows).fill(POISON);
  return {
    kernel,
    arrays: [items, arrays.structure, arrays.kinds, arrays.values, result],
    params: { ...shapeParams(arrays), ...params },
    nItems: model.nWindows,
    stride: PROFILE_STRIDE,
  };
}

/** A side band (every third with leak, some without events), simulation, a known part; seven nuisances, one with a kink. */
export function randomProfile(count: number, seed: number, most: number): CountingModel {
  const random = spread(seed);
  const array = (f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
  const size = (low: number, high: number) => {
    const up = array(() => low + (high - low) * random());
    return { up, down: up };
  };
  const scale = array(() => 10 ** (Math.log10(most / 3) * random()));
  const tau = array(() => 10 ** (1.5 * random() - 0.3));
  const nOff = Uint32Array.from(scale, (b, i) => Math.round(b * tau[i] * 0.6));
  const entries = Uint32Array.from(scale, (b) => Math.floor(0.6 * b + 1));
  const weight = array(() => 0.1 + random());
  const b0 = array((i) => entries[i] * weight[i] * 0.5);
  const known = array((i) => 0.1 * scale[i]);
  const components: BackgroundComponent[] = [
    {
      name: 'band',
      kind: 'side-band',
      b0: nOff.length ? array((i) => nOff[i] / tau[i]) : array(() => 0),
      nOff,
      tau,
      leak: array((i) => (i % 3 === 0 ? 0.3 * tau[i] * random() : 0)),
    },
    { name: 'mc', kind: 'mc-stat', b0, sumW2: b0.map((b, i) => b * weight[i]), entries, meanWeight: 0.5 },
    { name: 'known', kind: 'known', b0: known },
  ];
  const kink = size(0.02, 0.2);
  const nuisances: Nuisance[] = [
    { name: 'eff', constraint: 'normal', effects: [{ target: 'efficiency', ...size(0.01, 0.15) }] },
    { name: 'br', constraint: 'lognormal', effects: [{ target: 'branching', ...size(0.01, 0.1) }] },
    {
      name: 'lumi',
      constraint: 'normal',
      effects: [
        { target: 'luminosity', ...size(0.01, 0.05) },
        { target: 'mc', ...size(0.01, 0.05) },
      ],
    },
    { name: 'transfer', constraint: 'lognormal', effects: [{ target: 'band', ...size(0.01, 0.3) }] },
    { name: 'known', constraint: 'gamma', effects: [{ target: 'known', ...size(0.1, 0.5) }] },
    { name: 'shape', constraint: 'normal', effects: [{ target: 'mc', ...size(0.01, 0.2) }] },
    {
      name: 'scale',
      constraint: 'lognormal',
      effects: [{ target: 'background', up: kink.up, down: array((i) => (i % 2 ? 0.5 : 1) * kink.up[i]) }],
    },
  ];
  const n = Uint32Array.from(scale, (_, i) => {
    const mean = nOff[i] / tau[i] + b0[i] + known[i];
    const pull = (random() < 0.15 ? 40 : 4) * (2 * random() - 0.7);
    return Math.min(most, Math.max(0, Math.round(mean + pull * Math.sqrt(mean + 0.3))));
  });
  return { nWindows: count, n, sensitivity: array(() => 10 ** (2 * random() - 1)), components, nuisances };
}

/** Window 0 is skipped by the parity tests. */
export function extremeProfile(): CountingModel {
  // n, n_off, tau, leak, known b, its lognormal up and down, efficiency, sensitivity
  const rows = [
    [1, 1, 1, 0, 1, 0.1, 0.1, 0.1, 1],
    [0, 0, 1, 0, 0, 0, 0, 0, 1],
    [1, 0, 1, 0, 0, 0, 0, 0, 1],
    [9000, 0, 0.1, 0, 1e-6, 0.3, 0.3, 0.1, 1],
    [0, 3000, 10, 0, 0, 0, 0, 0.1, 1],
    [3, 3000, 10, 0.5, 0, 0, 0, 0.1, 1],
    [9000, 9000, 1, 0, 0, 0, 0, 0.01, 1e-3],
    [9000, 0, 1, 0.9, 1, 0.5, 0.5, 0.1, 1],
    [10, 40, 4, 3.9, 0, 0, 0, 0, 1],
    [50, 10, 2, 0, 4, 0.4, -0.1, 0.1, 1],
    [2, 0, 2, 0, 8, 0.4, -0.2, 0.1, 1],
    [30, 10, 2, 0, 4, 0.4, 0.01, 0.3, 1],
    [7, 5, 2, 0, 4, 0, 0, 0.1, 0],
    [100, 1000, 10, 0, 0, 0, 0, 0.45, 1e3],
    [20, 10, 1, 0, 10, 0, 0.3, 0.1, 1e-6],
    [40, 1, 10, 0, 4, 1, 0.6, 0.1, 1],
  ];
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]);
  return {
    nWindows: rows.length,
    n: Uint32Array.from(column(0)),
    sensitivity: column(8),
    components: [
      {
        name: 'band',
        kind: 'side-band',
        b0: Float64Array.from(rows, (row) => row[1] / row[2]),
        nOff: Uint32Array.from(column(1)),
        tau: column(2),
        leak: column(3),
      },
      { name: 'b', kind: 'known', b0: column(4) },
    ],
    nuisances: [
      { name: 'b', constraint: 'lognormal', effects: [{ target: 'b', up: column(5), down: column(6) }] },
      { name: 'eff', constraint: 'normal', effects: [{ target: 'efficiency', up: column(7), down: column(7) }] },
    ],
  };
}
