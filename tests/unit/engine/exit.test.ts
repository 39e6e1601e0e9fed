/** Scripts that forget close() must end by themselves, with the right exit code and nothing on stderr. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasTestGpu } from '../../support/backends.ts';

const run = promisify(execFile);
const register = new URL('../../../scripts/wgsl-register.mjs', import.meta.url).href;
const script = fileURLToPath(new URL('../../support/forgetful.ts', import.meta.url));

async function runForgetful(...args: string[]) {
  return run(process.execPath, ['--import', register, script, ...args], { timeout: 30_000 });
}

test('a script that uses workers and forgets close() ends', async () => {
  expect(await runForgetful('cpu')).toEqual({ stdout: '2 CPU workers (f64): 3,5\n', stderr: '' });
});

test('a script that throws while workers are busy ends with an error', async () => {
  await expect(runForgetful('cpu', 'throw')).rejects.toMatchObject({ code: 1, stderr: /thrown on purpose/ });
});

describe.skipIf(!(await hasTestGpu()))('with WebGPU', () => {
  test('a script that uses the GPU and forgets close() ends', async () => {
    const { stdout, stderr } = await runForgetful('webgpu');
    expect(stdout).toMatch(/WebGPU \(f32\): 3,5\n$/);
    expect(stderr).not.toMatch(/error|validation|unhandled/i); // some drivers warn about limits
  });

  test('a script that throws while a kernel runs ends with an error', async () => {
    await expect(runForgetful('webgpu', 'throw')).rejects.toMatchObject({ code: 1, stderr: /thrown on purpose/ });
  });
});
