/** Small kernels for tests of the backends, known to workers by the URL of this module. */
import type { Kernel } from '../../../src/kernels/kernel.ts';

export const axpy: Kernel = {
  name: 'axpy',
  bindings: [
    { name: 'x', element: 'f64', access: 'read' },
    { name: 'y', element: 'f64', access: 'write' },
  ],
  params: [
    { name: 'slope', type: 'f32' },
    { name: 'offset', type: 'f32' },
  ],
  run([x, y], { slope, offset }, first, count) {
    for (let item = first; item < first + count; item++) y[item] = slope * x[item] + offset;
  },
};

export const accumulate: Kernel = {
  name: 'accumulate',
  bindings: [
    { name: 'x', element: 'f64', access: 'read' },
    { name: 'total', element: 'f64', access: 'write' },
  ],
  params: [],
  run([x, total], _params, first, count) {
    for (let item = first; item < first + count; item++) total[item] = 0.5 * total[item] + x[item];
  },
};

export const echoParams: Kernel = {
  name: 'echo_params',
  bindings: [
    { name: 'reals', element: 'f64', access: 'write' },
    { name: 'words', element: 'u32', access: 'write' },
  ],
  params: [
    { name: 'word_a', type: 'u32' },
    { name: 'real_a', type: 'f32' },
    { name: 'real_b', type: 'f32' },
    { name: 'word_b', type: 'u32' },
  ],
  run([reals, words], params, first, count) {
    for (let item = first; item < first + count; item++) {
      reals.set([params.real_a, params.real_b], 2 * item);
      words.set([params.word_a, params.word_b, 0, item], 4 * item);
    }
  },
};

export const slowSum: Kernel = {
  name: 'slow_sum',
  bindings: [
    { name: 'n', element: 'u32', access: 'read' },
    { name: 'sum', element: 'f64', access: 'write' },
  ],
  params: [],
  run([n, sum], _params, first, count) {
    for (let item = first; item < first + count; item++) {
      let total = 0;
      for (let k = n[item]; k > 0; k--) total += 1 / k;
      sum[item] = total;
    }
  },
};

/** Fails on item `fatal`: by an error, or by ending its thread. CPU only. */
export const failing: Kernel = {
  name: 'failing',
  bindings: [{ name: 'y', element: 'f64', access: 'write' }],
  params: [
    { name: 'fatal', type: 'u32' },
    { name: 'ends_thread', type: 'u32' },
  ],
  run([y], params, first, count) {
    for (let item = first; item < first + count; item++) {
      if (item === params.fatal && params.ends_thread === 1) process.exit(9);
      if (item === params.fatal) throw new Error(`item ${item} is fatal`);
      y[item] = item;
    }
  },
};

export const kernels: Readonly<Record<string, Kernel>> = {
  axpy,
  accumulate,
  echo_params: echoParams,
  slow_sum: slowSum,
  failing,
};
