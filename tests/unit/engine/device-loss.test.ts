/** A lost device must not change results: arrays are stored anew, calls since the last checkpoint repeated. */
import { describe, expect, test } from 'vitest';
import { WebGpuBackend } from '../../../src/engine/webgpu-backend.ts';
import { GpuDevice } from '../../../src/gpu/device.ts';
import { hasTestGpu, testCpu, testGpu } from '../../support/backends.ts';
import { accumulate, slowSum } from '../../support/kernels/index.ts';
import { testSources } from '../../support/kernels/sources.ts';

const N = 3000;
const x = Float64Array.from({ length: N }, (_, i) => i % 61);

/** A backend whose devices the test holds; opening fails where `canOpen` says so. */
async function fragileBackend(canOpen: (opened: number) => boolean = () => true, withFallback = false) {
  const gpu = await testGpu();
  const devices: GpuDevice[] = [];
  let attempts = 0;
  const openDevice = async () => {
    if (!canOpen(attempts++)) throw new Error('no adapter any more');
    devices.push(await GpuDevice.open(gpu));
    return devices.at(-1) as GpuDevice;
  };
  const fallback = withFallback ? async () => testCpu(1) : undefined;
  let calls = 0;
  const sources = (name: string) => (calls++, testSources(name));
  const backend = await WebGpuBackend.open({ openDevice, fallback, sources });
  return { backend, devices, executed: () => calls };
}

/** The accumulated total after `calls` calls; `between` runs after each. */
async function accumulated(backend: WebGpuBackend, calls: number, between: (done: number) => void = () => {}) {
  const handles = [backend.upload(x), backend.upload(new Float64Array(N).fill(3))];
  for (let call = 0; call < calls; call++) {
    await backend.run(accumulate, handles, {}, 0, N);
    between(call);
  }
  return { handles, total: await backend.read(handles[1]) };
}

const expected = (calls: number) => x.map((value) => 3 * 0.5 ** calls + value * (2 - 0.5 ** (calls - 1)));

describe.skipIf(!(await hasTestGpu()))('a lost device', () => {
  test('between calls changes nothing but a warning', async () => {
    const { backend, devices } = await fragileBackend();
    const { total } = await accumulated(backend, 5, (call) => call === 2 && devices.at(-1)?.destroy());
    expect(total).toEqual(expected(5));
    expect(devices).toHaveLength(2);
    expect(backend.warnings).toHaveLength(1);
    expect(backend.warnings[0]).toMatch(/device lost \(.*\), 1 of 3 times/);
    await backend.close();
  });

  test('in the middle of a call repeats that call from its beginning', async () => {
    const { backend, devices } = await fragileBackend();
    const counts = Uint32Array.from({ length: 4000 }, (_, i) => 15000 + i);
    const handles = [backend.upload(counts), backend.upload(new Float64Array(4000).fill(NaN))];
    let lost = false;
    const onProgress = (done: number) => {
      if (!lost && done < 4000) devices[0].destroy();
      lost = true;
    };
    await backend.run(slowSum, handles, {}, 0, 4000, { onProgress });
    const sums = await backend.read(handles[1]);
    const undisturbed = [backend.upload(counts), backend.upload(new Float64Array(4000))];
    await backend.run(slowSum, undisturbed, {}, 0, 4000);
    expect(devices).toHaveLength(2);
    expect(sums).toEqual(await backend.read(undisturbed[1]));
    await backend.close();
  });

  test('just before reading recomputes what was on it, also from arrays freed since', async () => {
    const { backend, devices } = await fragileBackend();
    const input = backend.upload(x);
    const output = backend.upload(new Float64Array(N));
    await backend.run(accumulate, [input, output], {}, 0, N);
    backend.free(input);
    devices[0].destroy();
    expect(await backend.read(output)).toEqual(x);
    expect(devices[1].liveBuffers).toBe(1);
    await backend.close();
  });

  test('after many calls repeats only those since the last checkpoint', async () => {
    const { backend, devices, executed } = await fragileBackend();
    const { handles } = await accumulated(backend, 70);
    const before = executed();
    devices[0].destroy();
    await backend.run(accumulate, handles, {}, 0, N);
    expect(before).toBe(70);
    // the call that met the loss, 6 calls since the checkpoint after 64, and the call again
    expect(executed() - before).toBe(8);
    const total = await backend.read(handles[1]);
    total.forEach((value, i) => expect(value).toBeCloseTo(2 * x[i], 4)); // f32 rounds 122 to 2^-17
    await backend.close();
  });

  test('repeats no call whose results are freed', async () => {
    const { backend, devices, executed } = await fragileBackend();
    const gone = await accumulated(backend, 3);
    const kept = await accumulated(backend, 2);
    const between = [backend.upload(x), backend.upload(new Float64Array(N))];
    await backend.run(accumulate, between, {}, 0, N);
    await backend.run(accumulate, [between[1], kept.handles[1]], {}, 0, N); // so `between` matters
    [...gone.handles, ...between].forEach((handle) => backend.free(handle));
    const before = executed();
    devices[0].destroy();
    const total = await backend.read(kept.handles[1]);
    expect(executed() - before).toBe(4);
    expect(total).toEqual(expected(2).map((value, i) => 0.5 * value + x[i]));
    await backend.close();
  });

  test('three times in one call hands the work to the CPU, arrays and finished calls included', async () => {
    const { backend, devices } = await fragileBackend((opened) => opened === 0, true);
    const { handles, total } = await accumulated(backend, 4, (call) => call === 1 && devices[0].destroy());
    expect(total).toEqual(expected(4));
    expect(backend.info.kind).toBe('cpu');
    expect(backend.warnings.at(-1)).toMatch(/gave up on .*; going on with CPU/);
    const more = backend.upload(new Float64Array(N));
    await backend.run(accumulate, [handles[0], more], {}, 0, N);
    expect(await backend.read(more)).toEqual(x);
    handles.forEach((handle) => backend.free(handle));
    await backend.close();
  });

  test.each([
    [
      'an array larger than it binds',
      () => new Float64Array(2 ** 25 + 1),
      /because of an array of 134217732 bytes, allowed 1/,
    ],
    [
      'a number beyond f32',
      () => Float64Array.of(1e300),
      /because of element 0 of 1 is 1e\+300, allowed below 3\.4e38/,
    ],
  ])('%s goes to the CPU, with what was computed before', async (_what, data, why) => {
    const { backend } = await fragileBackend(undefined, true);
    const { handles } = await accumulated(backend, 2);
    const large = backend.upload(data());
    await backend.run(accumulate, handles, {}, 0, N);
    expect(await backend.read(handles[1])).toEqual(expected(3));
    expect((await backend.read(large)).length).toBe(data().length);
    expect(backend.info.kind).toBe('cpu');
    expect(backend.warnings).toEqual([expect.stringMatching(why)]);
    expect(backend.warnings[0]).toMatch(/^gpu: gave up on .*; going on with CPU/);
    await backend.close();
  });

  test('a kernel that the device does not compile goes to the CPU', async () => {
    const openDevice = async () => GpuDevice.open(await testGpu());
    const fallback = async () => testCpu(1);
    const backend = await WebGpuBackend.open({ openDevice, fallback, sources: () => 'no shader' });
    const { total } = await accumulated(backend, 2);
    expect(total).toEqual(expected(2));
    expect(backend.warnings).toEqual([
      expect.stringMatching(/gave up on .* because of .*accumulate.*; going on with CPU/),
    ]);
    await backend.close();
  });

  test('three times without a CPU to go on with is an error of kind gpu', async () => {
    const { backend, devices } = await fragileBackend((opened) => opened === 0);
    devices[0].destroy();
    const handles = [backend.upload(x), backend.upload(x)];
    await expect(backend.run(accumulate, handles, {}, 0, N)).rejects.toMatchObject({
      kind: 'gpu',
      message: /lost 3 times/,
    });
    await backend.close();
  });
});
