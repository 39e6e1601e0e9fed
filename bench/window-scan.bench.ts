/**
 * Time of a window scan by backend and stage, linearity in windows, memory: npm run bench -- [options]
 *   --windows N (9000)   --repeat N (7)   --backend cpu1|cpu|webgpu (all there are)   --software   --record FILE
 *   --memory N: evaluate N windows once on all cores and print the peak memory of this process
 * --software brings the software adapter of the tests; it is labelled, and says nothing about a GPU.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Backend } from '../src/engine/backend.ts';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { CpuBackend } from '../src/engine/cpu-backend.ts';
import { flattenPlan } from '../src/model/plan/flat-plan.ts';
import { RuleCache } from '../src/model/plan/rule-cache.ts';
import { nodePlatform } from '../src/node/platform.ts';
import { scanBounds } from '../src/scan/attainable.ts';
import { evaluateWindows } from '../src/scan/evaluate-windows.ts';
import { largestPoiMax } from '../src/scan/statistics.ts';
import { useTestAdapter } from '../tests/support/software-vulkan.ts';
import { circumstances, line, measure, type Timing } from './support/measure.ts';
import { benchModel, STATISTICS } from './support/model.ts';

const { values } = parseArgs({
  options: {
    windows: { type: 'string', default: '9000' },
    repeat: { type: 'string', default: '7' },
    backend: { type: 'string', default: 'all' },
    software: { type: 'boolean', default: false },
    record: { type: 'string' },
    memory: { type: 'string' },
  },
});

const repeat = Number(values.repeat);
const rows: Record<string, { windows: number; backend: string; timing: Timing }> = {};

function report(name: string, windows: number, backend: string, timing: Timing, note = ''): void {
  rows[`${name}, ${windows} windows, ${backend}`] = { windows, backend, timing };
  console.log(line(`${name} (${backend})`, timing, note));
}

async function openBackends(): Promise<Backend[]> {
  const wanted = (name: string) => values.backend === 'all' || values.backend === name;
  const backends: Backend[] = [];
  if (wanted('cpu1')) backends.push(new CpuBackend({ threads: 1 }));
  if (wanted('cpu')) backends.push((await chooseBackend({ backend: 'cpu' }, nodePlatform)).backend);
  if (wanted('webgpu')) {
    if (values.software) useTestAdapter();
    const gpu = await chooseBackend({ backend: 'webgpu' }, nodePlatform).catch((error: Error) =>
      console.log(error.message),
    );
    if (gpu) backends.push(gpu.backend);
  }
  return backends;
}

async function memory(windows: number): Promise<void> {
  const { backend } = await chooseBackend({ backend: 'cpu' }, nodePlatform);
  const started = performance.now();
  await evaluateWindows(benchModel(windows), STATISTICS, backend);
  await backend.close();
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${windows} windows: ${((performance.now() - started) / 1000).toFixed(1)} s, peak memory ${peak.toFixed(0)} MiB`,
  );
}

async function main(): Promise<void> {
  if (values.memory) return memory(Number(values.memory));
  const windows = Number(values.windows);
  const model = benchModel(windows);
  console.log(
    `${windows} windows, observed and five expected limits, seven nuisances; ms: min, median, max of ${repeat}`,
  );
  const all = Array.from({ length: windows }, (_, i) => i);
  report(
    'plan',
    windows,
    'this thread',
    await measure(repeat, async () => void flattenPlan(model, all, largestPoiMax(STATISTICS), new RuleCache())),
  );
  report(
    'bounds, expected Z',
    windows,
    'this thread',
    await measure(repeat, async () => void scanBounds(model, all, Math.log(1e-4))),
  );
  for (const backend of await openBackends()) {
    const name = backend.info.description;
    const evaluate = (m: typeof model) => evaluateWindows(m, STATISTICS, backend).then(() => undefined);
    report('first evaluation', windows, name, await measure(1, () => evaluate(model)), 'compilation included');
    report(
      'p0 only',
      windows,
      name,
      await measure(repeat, () => evaluateWindows(model, { ...STATISTICS, limits: [] }, backend).then(() => undefined)),
    );
    const full = await measure(repeat, () => evaluate(model));
    report('p0 and limits', windows, name, full, `${((6000 * windows) / full.medianMs).toFixed(0)} limits/s`);
    for (const size of [windows / 9, windows / 3, windows * 3].map(Math.round)) {
      const other = benchModel(size);
      report(`p0 and limits, ${size} windows`, size, name, await measure(3, () => evaluate(other)));
    }
    await backend.close();
  }
  if (values.record)
    fs.writeFileSync(values.record, `${JSON.stringify({ ...circumstances(), seed: 1, repeat, rows }, undefined, 1)}\n`);
}

await main();
