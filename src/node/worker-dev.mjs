// Entry of a worker thread from source (development); not part of dist. Bundling the few files a worker needs takes
// 0.1 s; registering tsx in every worker takes 0.5 s.
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const kernels = workerData.kernelsUrl ? fileURLToPath(workerData.kernelsUrl) : '../kernels/index.ts';
// worker-main.ts imports kernels by a name that is known at run time only
const contents =
  workerData.module === 'worker-main'
    ? `
  import { serveKernels } from './serve-kernels.ts';
  import * as kernels from ${JSON.stringify(kernels)};
  serveKernels(kernels);
`
    : `import ${JSON.stringify(`./${workerData.module}.ts`)};`;
const { outputFiles } = await build({
  stdin: { contents, resolveDir: here, loader: 'ts' },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  loader: { '.wgsl': 'text' },
  sourcemap: 'inline',
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
