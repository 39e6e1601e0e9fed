import { describe, expect, test } from 'vitest';
import { chooseBackend } from '../../../src/engine/choose-backend.ts';
import type { Platform } from '../../../src/engine/choose-backend.ts';
import { doctorReport } from '../../../src/engine/doctor.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { hasTestGpu } from '../../support/backends.ts';

const noPackage: Platform = { cores: 3, loadGpu: async () => ({ reason: 'the package webgpu is not installed' }) };
const noAdapter: Platform = {
  cores: 1,
  loadGpu: async () => ({ gpu: { requestAdapter: async () => null } as unknown as GPU }),
};

test('auto without the optional package takes the CPU and says why', async () => {
  const { backend, reasons } = await chooseBackend({ backend: 'auto' }, noPackage);
  expect(backend.info).toMatchObject({ kind: 'cpu', precision: 'f64' });
  expect(reasons).toEqual(['webgpu: the package webgpu is not installed', 'cpu: chosen instead']);
  await backend.close();
});

test('auto without an adapter takes the CPU and says why', async () => {
  const { backend, reasons } = await chooseBackend({ backend: 'auto' }, noAdapter);
  expect(backend.info.kind).toBe('cpu');
  expect(reasons[0]).toMatch(/^webgpu: no adapter found/);
  await backend.close();
});

test('webgpu asked for by name but absent is an error of kind gpu', async () => {
  for (const platform of [noPackage, noAdapter]) {
    await expect(chooseBackend({ backend: 'webgpu' }, platform)).rejects.toMatchObject({
      kind: 'gpu',
      message: /^webgpu: .*; use --backend cpu/,
    });
  }
});

test('cpu uses all cores unless told otherwise', async () => {
  const all = await chooseBackend({ backend: 'cpu' }, { ...nodePlatform, cores: 3 });
  const one = await chooseBackend({ backend: 'cpu', threads: 1 }, nodePlatform);
  expect(all.backend.info.description).toBe('3 CPU workers (f64)');
  expect(one.backend.info.description).toBe('CPU, this thread (f64)');
  await Promise.all([all.backend.close(), one.backend.close()]);
});

test('the report of doctor names what auto takes also where there is no WebGPU', async () => {
  const report = await doctorReport(noPackage);
  expect(report).toMatchObject({ adapters: [], noAdapter: 'the package webgpu is not installed' });
  expect(report.selfTest).toBeUndefined();
  expect(report.auto.description).toMatch(/CPU/);
});

const onSoftware =
  (await hasTestGpu()) && (await doctorReport(nodePlatform)).adapters.every((a) => a.isFallbackAdapter);

describe.skipIf(!onSoftware)('with only a software adapter', () => {
  test('auto takes the CPU', async () => {
    const { backend, reasons } = await chooseBackend({ backend: 'auto', threads: 1 }, nodePlatform);
    expect(backend.info.kind).toBe('cpu');
    expect(reasons[0]).toMatch(/is a software adapter, slower than CPU workers/);
    await backend.close();
  });

  test('webgpu by name takes it with a warning and reports the self-test', async () => {
    const { backend } = await chooseBackend({ backend: 'webgpu' }, nodePlatform);
    expect(backend.info).toMatchObject({ kind: 'webgpu', precision: 'f32' });
    expect(backend.info.details).toMatchObject({ isFallbackAdapter: true, 'selfTest.passed': true });
    expect(backend.warnings).toEqual([expect.stringMatching(/is a software adapter; --backend cpu is faster/)]);
    await backend.close();
  });

  test('doctor lists the adapter, its limits and its self-test', async () => {
    const { adapters, selfTest } = await doctorReport(nodePlatform);
    expect(adapters.length).toBeGreaterThan(0);
    expect(adapters[0].limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(2 ** 27);
    expect(selfTest?.passed).toBe(true);
  });
});
