/**
 * Every shader compiles and fits its kernel's layout, by Dawn's null backend: that needs no driver and no GPU, and
 * executes nothing. The sources are those that the WebGPU backend joins.
 */
import fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { create } from 'webgpu';
import { GpuDevice } from '../../src/gpu/device.ts';
import { bindingsWgsl, MAX_BINDINGS } from '../../src/gpu/layout.ts';
import { selfTestKernel } from '../../src/gpu/self-test.ts';
import { shaderNames, shaderSource } from '../../src/gpu/shader-sources.ts';
import { kernels } from '../../src/kernels/index.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';

/** A software JIT needs 30 s for 46 KB. */
const MAX_SOURCE_BYTES = 13_000;

const folder = new URL('../../shaders/', import.meta.url);
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.wgsl'));
const known: Readonly<Record<string, Kernel>> = Object.fromEntries(
  [...Object.values(kernels).filter(({ isCpuOnly }) => !isCpuOnly), selfTestKernel].map((kernel) => [
    kernel.name,
    kernel,
  ]),
);

const gpu = create(['backend=null']);
Object.assign(globalThis, { nullBackend: gpu }); // collected early it would crash (see src/node/webgpu.ts)
const device = await GpuDevice.open(gpu);
afterAll(() => device.destroy());

test('every shader has a kernel of the same name with a twin, and every kernel that is not CPU only a shader', () => {
  const names = files.map((name) => name.replace('.wgsl', '')).sort();
  expect(names).toEqual(Object.keys(known).sort());
  expect([...shaderNames].sort()).toEqual(names);
  for (const [name, kernel] of Object.entries(kernels)) expect(kernel.name).toBe(name);
  expect(() => shaderSource('spectrum_fit')).toThrow(/spectrum_fit has no shader; run it on a CPU backend/);
});

describe.each(Object.values(known).map((kernel) => [kernel.name, kernel] as const))('%s', (name, kernel) => {
  test('compiles and fits the layout of its descriptor', async () => {
    await expect(device.pipeline(kernel, shaderSource(name))).resolves.toBeDefined();
  });

  test('keeps to the default limits and the size a software JIT can take', () => {
    expect(kernel.bindings.length).toBeLessThanOrEqual(MAX_BINDINGS);
    const code = `${bindingsWgsl(kernel)}${shaderSource(name)}`.replace(/^ *\/\/.*\n/gm, '');
    expect(Buffer.byteLength(code)).toBeLessThan(MAX_SOURCE_BYTES);
  });

  test('declares no bindings of its own and guards against items beyond its range', () => {
    const text = shaderSource(name);
    expect(text).not.toMatch(/@(group|binding)\b/);
    expect(text).toMatch(/@compute\s+@workgroup_size\(WORKGROUP_SIZE\)/);
    expect(text).toMatch(/>= params\.count/);
  });
});

test('a shader that uses a binding against its descriptor does not validate', async () => {
  const readOnly: Kernel = {
    ...selfTestKernel,
    bindings: selfTestKernel.bindings.map((binding) => ({ ...binding, access: 'read' as const })),
  };
  await expect(device.pipeline(readOnly, shaderSource('self_test'))).rejects.toThrow(/shader self_test/);
});
