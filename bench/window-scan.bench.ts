/**
 * Time and memory of a window scan by backend and stage: npm run bench -- [options]
 *   --windows N (9000)   --repeat N (7)   --sizes 1000,3000,30000,100000 (whole scan at other sizes; '' for none)
 *   --backend cpu1,cpu,webgpu (all there are)   --software swiftshader|lavapipe   --record FILE
 *   --no-memory (no scans in processes of their own)   --no-examples (not the two examples end to end)
 *   --memory N: scan N windows once on all cores, print seconds and peak memory of this process, nothing else
 * --software takes a software adapter of the tests; it is labelled, and says nothing about a GPU.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Backend } from '../src/engine/backend.ts';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { CpuBackend } from '../src/engine/cpu-backend.ts';
import { nodePlatform } from '../src/node/platform.ts';
import { useTestAdapter, type TestAdapter } from '../tests/support/software-vulkan.ts';
import { EXAMPLES, timeExample, type ExampleTiming } from './support/examples.ts';
import type { Timing } from './support/measure.ts';
import { scanInFreshProcess, scanOnce, type Memory } from './support/memory.ts';
import { circumstances, describeBackend } from './support/record.ts';
import { timeScan, type Row } from './support/scan-timing.ts';

const { values } = parseArgs({
  options: {
    windows: { type: 'string', default: '9000' },
    repeat: { type: 'string', default: '7' },
    sizes: { type: 'string', default: '1000,3000,30000,100000' },
    backend: { type: 'string', default: 'all' },
    software: { type: 'string' },
    record: { type: 'string' },
    'no-memory': { type: 'boolean', default: false },
    'no-examples': { type: 'boolean', default: false },
    memory: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** Opened one after the other: idle workers would hold memory and cores. */
const OPEN: Readonly<Record<string, () => Promise<Backend>>> = {
  cpu1: async () => new CpuBackend({ threads: 1 }),
  cpu: async () => (await chooseBackend({ backend: 'cpu' }, nodePlatform)).backend,
  webgpu: async () => {
    if (values.software) useTestAdapter(values.software as TestAdapter);
    return (await chooseBackend({ backend: 'webgpu' }, nodePlatform)).backend;
  },
};

function print(name: string, { minMs, medianMs, maxMs, cpuMedianMs }: Timing, note = ''): void {
  const columns = [minMs, medianMs, maxMs, cpuMedianMs].map((ms) => (ms?.toFixed(0) ?? '').padStart(8));
  console.log(`  ${name.padEnd(28)}${columns.join('')}  ${note}`);
}

function noteOf({ stage, windows, timing }: Row): string {
  if (stage === 'first run') return 'compilation, start of workers included';
  return stage === 'whole scan' ? `${((1000 * timing.medianMs) / windows).toFixed(0)} us per window` : '';
}

async function timeBackend(name: string): Promise<{ backend: Record<string, unknown>; rows: Row[] } | undefined> {
  let backend: Backend;
  try {
    backend = await OPEN[name]();
  } catch (error) {
    console.log(`${name}: ${(error as Error).message}`);
    return undefined;
  }
  console.log(`${backend.info.description}${backend.info.details.isFallbackAdapter ? ', SOFTWARE ADAPTER' : ''}`);
  const rows: Row[] = [];
  const sizes = values.sizes.split(',').map(Number).filter(Boolean);
  for await (const row of timeScan(backend, Number(values.windows), Number(values.repeat), sizes)) {
    rows.push(row);
    print(`${row.stage}, ${row.windows}`, row.timing, noteOf(row));
  }
  await backend.close();
  return { backend: describeBackend(backend.info), rows };
}

function timeExamples(): ExampleTiming[] {
  const found = EXAMPLES.flatMap((example) => [true, false].map((plots) => timeExample(example, plots, 3)));
  const timed = found.filter((timing) => timing !== undefined);
  for (const { example, plots, windows, command, stagesMs } of timed) {
    print(`${example}${plots ? '' : ' --no-plots'}`, command, `${windows} windows; ${JSON.stringify(stagesMs)}`);
  }
  return timed;
}

async function main(): Promise<void> {
  const record = circumstances();
  console.log(`stage, windows; ms: min, median, max, processor time; ${values.repeat} repeats`);
  const backends = [];
  for (const name of values.backend === 'all' ? Object.keys(OPEN) : values.backend.split(',')) {
    const timed = await timeBackend(name);
    if (timed) backends.push(timed);
  }
  const memory: Memory[] = values['no-memory'] ? [] : [9_000, 100_000].map(scanInFreshProcess);
  for (const { windows, seconds, peakMiB } of memory) {
    console.log(`  fresh process, ${windows} windows: ${seconds} s, peak memory ${peakMiB} MiB`);
  }
  const examples = values['no-examples'] ? [] : timeExamples();
  if (values.record) {
    const content = {
      ...record,
      seed: 1,
      statistics: 'p0, observed and five expected limits',
      backends,
      memory,
      examples,
    };
    fs.writeFileSync(values.record, `${JSON.stringify(content, undefined, 1)}\n`);
  }
}

if (values.memory) {
  const result = await scanOnce(Number(values.memory));
  console.log(values.json ? JSON.stringify(result) : `${result.seconds} s, peak memory ${result.peakMiB} MiB`);
} else {
  await main();
}
