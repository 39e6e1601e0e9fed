/**
 * Toys per second beside peers, in turn, medians: bash bench/peers/toys/run.sh [VENV] [options], or
 *   node --import tsx --import ./scripts/wgsl-register.mjs bench/toys.bench.ts [options]
 *   --rounds N (7)   --toys N (20000, of the example; others accordingly)   --problem TEXT (those whose name has it)
 *   --python FILE (with peers/requirements.txt)   --software swiftshader|lavapipe   --webgpu (a GPU)   --record FILE
 * Rates are per second of wall time, and per second of processor time, which a busy machine leaves comparable; the
 * ratio to the native loop (wall, processor) is the median of the ratios of single rounds. Kernel, twin and native loop must give the
 * same words, others the same median of the best window, or the run fails. No test depends on a time.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { useTestAdapter, type TestAdapter } from '../tests/support/software-vulkan.ts';
import { circumstances } from './support/record.ts';
import { toyProblems, type ToyProblem } from './support/toy-problems.ts';
import { openBackends, runnersOf } from './support/toy-lineup.ts';
import { checkSame, partsOf, rowOf, type ToyRow } from './support/toy-rows.ts';
import type { Runner, Timed } from './support/toy-runners.ts';
import { countWork } from './support/toy-work.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    toys: { type: 'string', default: '20000' },
    problem: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' },
    software: { type: 'string' },
    webgpu: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});

/** First runs (compilation, caches) are not timed, but must give the same words. */
async function timeInTurn(runners: readonly Runner[], problem: ToyProblem): Promise<Map<Runner, Timed[]>> {
  const times = new Map<Runner, Timed[]>(runners.map((runner) => [runner, []]));
  const warmUps: Timed[] = [];
  for (const { run } of runners) warmUps.push(await run(128));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const runner of runners) times.get(runner)!.push(await runner.run(runner.toys));
  }
  checkSame(problem, times, warmUps);
  return times;
}

function print(row: ToyRow): void {
  const { runner, toysPerSecond, incrementsPerSecond, incrementsPerProcessorSecond, ofNative, ofPlainNative } = row;
  const cores = `${row.coresUsed.toFixed(1)} cores`;
  const rate = `${String(toysPerSecond.median).padStart(8)} (${toysPerSecond.min} to ${toysPerSecond.max}) toys/s`;
  const million = (value: number) => `${(value / 1e6).toFixed(1).padStart(8)}e6`;
  const of = (ratio: ToyRow['ofNative'], name: string) =>
    ratio ? `  ${ratio.wall.toFixed(2)}, ${ratio.processor.toFixed(2)} of ${name}` : '';
  const ratios = of(ofNative, 'native') + of(ofPlainNative, 'plain native');
  const rates = `${million(incrementsPerSecond)} increments/s ${million(incrementsPerProcessorSecond)} per processor s`;
  console.log(`  ${runner.padEnd(34)}${rate.padEnd(40)}${rates}  ${cores}${ratios}`);
}

async function timeProblem(problem: ToyProblem, runners: readonly Runner[]): Promise<object> {
  const { name, windows, tables } = problem;
  const work = countWork(problem);
  const { increments, events } = tables;
  console.log(`${name}: ${windows} windows, ${events.toFixed(0)} events, ${increments.toFixed(0)} increments per toy`);
  const times = await timeInTurn(runners, problem);
  const rows = [...times.keys()].filter((runner) => !runner.isPart).map((runner) => rowOf(runner, times, problem));
  rows.forEach(print);
  const parts = partsOf(times, work);
  console.log(`  one toy: ${JSON.stringify(work)}`);
  if (parts) console.log(`  native loop, processor time: ${JSON.stringify(parts)}`);
  const perToy = { windows, events: Math.round(events), increments: Math.round(increments) };
  return { problem: name, ...perToy, work, nativeParts: parts, rows };
}

async function main(): Promise<void> {
  const record = circumstances();
  if (values.software) useTestAdapter(values.software as TestAdapter);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'darkscan-toys-'));
  const backends = await openBackends(values.webgpu || values.software !== undefined);
  const lineup = { folder, backends, python: values.python, toys: Number(values.toys) };
  const problems = [];
  try {
    for (const problem of toyProblems().filter(({ name }) => name.includes(values.problem))) {
      problems.push(await timeProblem(problem, runnersOf(problem, lineup)));
    }
  } finally {
    await Promise.all(backends.map((backend) => backend.close()));
    fs.rmSync(folder, { recursive: true });
  }
  if (!values.record) return;
  const loadAverageAtEnd = Math.round(os.loadavg()[0] * 10) / 10;
  const content = { ...record, loadAverageAtEnd, rounds: Number(values.rounds), seed: 1, problems };
  fs.writeFileSync(values.record, `${JSON.stringify(content, undefined, 1)}\n`);
}

await main();
