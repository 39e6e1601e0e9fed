/** What people are told about where the work was done. */
import { expect, test } from 'vitest';
import { gaveUpWarning, lostWarning } from '../../src/engine/gpu-warnings.ts';
import type { DeviceReport } from '../../src/web/engine/api.ts';
import { announcement } from '../../src/web/state/announce.ts';
import { deviceNotices, noGpuWords, pageWords } from '../../src/web/state/device-words.ts';

function report(kind: 'cpu' | 'webgpu', more: Partial<DeviceReport> = {}): DeviceReport {
  const precision = kind === 'cpu' ? 'f64' : 'f32';
  return { info: { kind, description: kind, precision, details: {} }, reasons: [], warnings: [], ...more };
}

test('the reason for no GPU is told where one was wanted', () => {
  const auto = report('cpu', { reasons: ['webgpu: this browser has no WebGPU', 'cpu: chosen instead'] });
  expect(noGpuWords(auto)).toBe('No GPU is used: this browser has no WebGPU. CPU workers give the same numbers.');
  expect(noGpuWords(report('cpu', { reasons: ['cpu: asked for'] }))).toBeUndefined();
  expect(noGpuWords(report('webgpu', { reasons: ['webgpu: asked for'] }))).toBeUndefined();
});

test('a GPU that was lost is one sentence, however often', () => {
  const warnings = [1, 2].map((n) => lostWarning('destroyed', n, 3));
  expect(deviceNotices(report('webgpu', { warnings: warnings.slice(0, 1) }))).toEqual([
    'The GPU was lost once during the scan; its work was repeated, and all numbers hold.',
  ]);
  expect(deviceNotices(report('webgpu', { warnings }))).toEqual([expect.stringContaining('lost 2 times')]);
});

test('a GPU that was given up is one sentence with the reason', () => {
  const cause = 'gpu: an array of 8 bytes, allowed 4 (maxStorageBufferBindingSize); use --backend cpu or fewer windows';
  const warnings = [lostWarning('destroyed', 1, 3), gaveUpWarning('A (B)', cause, '2 CPU workers (f64)')];
  expect(deviceNotices(report('cpu', { warnings }))).toEqual([
    'The GPU was given up during the scan (an array of 8 bytes, allowed 4 (maxStorageBufferBindingSize)); CPU workers did the rest, and all numbers hold.',
  ]);
});

test('other warnings stay, without options of the command line', () => {
  const warnings = ['webgpu: S is a software adapter; --backend cpu is faster'];
  expect(deviceNotices(report('webgpu', { warnings }))).toEqual([
    'webgpu: S is a software adapter; CPU workers are faster',
  ]);
  expect(pageWords('webgpu: no adapter; use --backend cpu or see darkscan doctor')).toBe(
    "webgpu: no adapter; choose 'CPU workers'",
  );
});

test('progress is announced by stage and every 10 %', () => {
  const at = (done: number) => announcement({ stage: 'bayes_limit', done, total: 1000, elapsedMs: 1 }, undefined);
  expect([at(0), at(99), at(100), at(999), at(1000)]).toEqual([0, 0, 10, 90, 100].map((p) => `limits ${p} %`));
  expect(announcement({ stage: 'prepare', done: 0, total: 1, elapsedMs: 1 }, undefined)).toBe('preparing');
});
