import { expect, test } from 'vitest';
import { bindGroupLayoutEntries, bindingsWgsl, packParams, uniformBytes } from '../../../src/gpu/layout.ts';
import type { Kernel } from '../../../src/kernels/kernel.ts';
import { axpy, echoParams } from '../../support/kernels/index.ts';

test('declarations follow the descriptor: bindings in order, then the uniform', () => {
  expect(bindingsWgsl(axpy)).toBe(
    [
      'const WORKGROUP_SIZE = 64u;',
      'struct Params { first: u32, count: u32, zero: u32, slope: f32, offset: f32 }',
      '@group(0) @binding(0) var<storage, read> x: array<f32>;',
      '@group(0) @binding(1) var<storage, read_write> y: array<f32>;',
      '@group(0) @binding(2) var<uniform> params: Params;',
      '',
    ].join('\n'),
  );
});

test('the bind group layout names the same bindings', () => {
  const types = bindGroupLayoutEntries(axpy).map(({ binding, buffer }) => [binding, buffer?.type]);
  expect(types).toEqual([
    [0, 'read-only-storage'],
    [1, 'storage'],
    [2, 'uniform'],
  ]);
});

test('params are packed in order, one word each, padded to 16 bytes', () => {
  const bytes = packParams(echoParams, { word_a: 4294967295, real_a: -2, real_b: 0.5, word_b: 9 }, 70_000, 12);
  const words = new Uint32Array(bytes);
  expect([...words.subarray(0, 4)]).toEqual([70_000, 12, 0, 4294967295]);
  expect([...new Float32Array(bytes, 16, 2)]).toEqual([-2, 0.5]);
  expect(words[6]).toBe(9);
  expect(uniformBytes(echoParams)).toBe(32);
});

test('more than 8 storage buffers are refused', () => {
  const bindings = Array.from({ length: 9 }, (_, i) => ({ name: `b${i}`, element: 'u32', access: 'read' }) as const);
  const kernel: Kernel = { ...axpy, bindings };
  expect(() => bindingsWgsl(kernel)).toThrow('gpu: kernel axpy has 9 bindings, allowed 8 storage buffers');
});

test('a param that every kernel has already is refused', () => {
  const kernel: Kernel = { ...axpy, params: [{ name: 'count', type: 'u32' }] };
  expect(() => bindingsWgsl(kernel)).toThrow('kernel axpy declares param count, which every kernel has already');
});
