/** What `npm run build` leaves in dist runs by plain Node: no TypeScript, no shader files, no tsx. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { TEST_KERNELS } from '../support/backends.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = path.join(root, 'dist');

beforeAll(async () => void (await run(process.execPath, [path.join(root, 'scripts/build.mjs')])), 120_000);

function imports(): { file: string; specifier: string }[] {
  const files = fs.readdirSync(dist, { recursive: true }).map(String);
  return files
    .filter((name) => /\.(js|d\.ts)$/.test(name) && !name.startsWith(`web${path.sep}`)) // the page is vite's
    .flatMap((file) => {
      const text = fs.readFileSync(path.join(dist, file), 'utf8');
      const found = text.matchAll(/^\s*(?:import|export)\b[^'";]*?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm);
      return [...found].map((match) => ({ file, specifier: match[1] ?? match[2] }));
    });
}

test('nothing in dist imports .ts or .wgsl, and every relative import exists', () => {
  const all = imports();
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ specifier }) => /\.(ts|wgsl)$/.test(specifier))).toEqual([]);
  const missing = all.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = path.join(dist, path.dirname(file), specifier);
    return !fs.existsSync(file.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
  });
  expect(missing).toEqual([]);
});

/** Runs a module text beside dist, so that bare imports resolve as in a package. */
const evaluate = (text: string) =>
  run(process.execPath, ['--input-type=module', '-e', text], { cwd: root, timeout: 30_000 });

test('shader text is a string in dist', async () => {
  const { stdout } = await evaluate(`
    const { shaderNames, shaderSource } = await import('./dist/gpu/shader-sources.js');
    console.log(shaderNames.every((name) => shaderSource(name).includes('fn main(')));`);
  expect(stdout).toBe('true\n');
});

test('workers start from dist', async () => {
  // the module of test kernels without its types, as a package user would have it
  const { code } = await (
    await import('esbuild')
  ).transform(fs.readFileSync(fileURLToPath(TEST_KERNELS.kernelsUrl as string), 'utf8'), { loader: 'ts' });
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const { stdout, stderr } = await evaluate(`
    const { CpuBackend } = await import('./dist/engine/cpu-backend.js');
    const { workerThreadSpawner } = await import('./dist/node/worker-threads.js');
    const { axpy } = await import(${JSON.stringify(url)});
    const backend = new CpuBackend({ threads: 2, spawn: workerThreadSpawner(${JSON.stringify(url)}) });
    const handles = [backend.upload(Float64Array.of(1, 2)), backend.upload(new Float64Array(2))];
    await backend.run(axpy, handles, { slope: 2, offset: 1 }, 0, 2);
    console.log(backend.info.description, [...(await backend.read(handles[1]))].join());`);
  expect({ stdout, stderr }).toEqual({ stdout: '2 CPU workers (f64) 3,5\n', stderr: '' });
});

test('without the optional package webgpu auto takes the CPU and says so', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'darkscan-dist-'));
  try {
    fs.cpSync(dist, path.join(folder, 'dist'), { recursive: true, filter: (name) => name !== path.join(dist, 'web') });
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(path.join(root, 'node_modules/comlink'), path.join(folder, 'node_modules/comlink'));
    const program = `
      const { chooseBackend } = await import('./dist/engine/choose-backend.js');
      const { nodePlatform } = await import('./dist/node/platform.js');
      const auto = await chooseBackend({ backend: 'auto', threads: 1 }, nodePlatform);
      console.log(auto.backend.info.kind, auto.reasons[0]);
      await chooseBackend({ backend: 'webgpu' }, nodePlatform).catch((error) => console.log(error.kind, error.message));`;
    const env = { ...process.env, VK_DRIVER_FILES: '/some/driver.json' }; // a machine that has a driver
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, env });
    const reason = 'webgpu: the package webgpu is not installed (it is an optional dependency)';
    expect(stdout).toBe(`cpu ${reason}\ngpu ${reason}; use --backend cpu or see darkscan doctor\n`);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('tables are parsed in a thread from dist', async () => {
  const { stdout, stderr } = await evaluate(`
    const { dataFiles } = await import('./dist/node/index.js');
    const { withTable } = await import('./dist/io/table-file.js');
    for (const name of ['events.root', 'events-zstd-optional.parquet']) {
      const file = await dataFiles('tests/fixtures').read(name, 'test');
      console.log(await withTable(file, {}, async (table) => (await table.read(['m', 'q'])).rowCount));
    }`);
  expect({ stdout, stderr }).toEqual({ stdout: '100\n100\n', stderr: '' });
});
