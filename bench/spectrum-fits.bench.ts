/**
 * Fits of toys of spectra per second beside iminuit and numpy, in turn: bash bench/peers/spectrum/run.sh [VENV] [options], or
 *   node --import tsx --import ./scripts/wgsl-register.mjs bench/spectrum-fits.bench.ts [options]
 *   --rounds N (7)   --pairs N (200000, of the fast fits on one thread; others accordingly)   --problem TEXT
 *   --python FILE (with peers/requirements.txt)   --software swiftshader|lavapipe   --webgpu (a GPU)   --record FILE
 * A pair is the fits of one toy at one mass with and without signal, and q0. All fit the same counts, but rows that throw
 * their own; z must agree with the f64 fits, or the run fails. No test depends on a time.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Backend } from '../src/engine/backend.ts';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { CpuBackend } from '../src/engine/cpu-backend.ts';
import { fitWithTwin } from '../src/kernels/spectrum_quick.ts';
import { nodePlatform } from '../src/node/platform.ts';
import { useTestAdapter, type TestAdapter } from '../tests/support/software-vulkan.ts';
import { fitProblems, writeProblem, type FitProblem } from './support/fit-problems.ts';
import { checkRows, fitRow, type FitRow } from './support/fit-rows.ts';
import { COMPARED, countsOf, fullFits, kernelsOn, peer, twinOf } from './support/fit-runners.ts';
import type { FitRunner, FitsTimed } from './support/fit-runners.ts';
import { circumstances, describeBackend } from './support/record.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    pairs: { type: 'string', default: '200000' },
    problem: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' },
    software: { type: 'string' },
    webgpu: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});

/** How far z may be from the f64 fits; MIGRAD stops 1e-4 above its minimum, which is 1e-2 in a small z. */
const ALLOWED = { f32: 1e-3, f64: 1e-6, numpy: 1e-4, iminuit: 3e-2 } as const;

function runnersOf(problem: FitProblem, backends: readonly Backend[], folder: string): (FitRunner | undefined)[] {
  const H = problem.plan.nHypotheses;
  const toysFor = (share: number) => Math.max(2, Math.ceil((share * Number(values.pairs)) / H));
  const all = { isThrowing: false, allowed: ALLOWED.f32 };
  const runners = backends.flatMap((backend) => {
    const { kind, details, description } = backend.info;
    if (kind !== 'cpu') {
      const label = details.isFallbackAdapter ? `${description}, SOFTWARE ADAPTER` : description;
      const few = { toys: toysFor(details.isFallbackAdapter ? 0.05 : 20), adapter: describeBackend(backend.info) };
      const fit = kernelsOn(backend, problem, false, { ...all, ...few, name: `${label}, fits` });
      const both = { ...all, ...few, isThrowing: true, name: `${label}, thrown and fitted` };
      return [fit, kernelsOn(backend, problem, false, both)];
    }
    const threads = Number(details.threads);
    const name = `darkscan, ${threads} thread${threads === 1 ? '' : 's'}`;
    const toys = toysFor(threads);
    return [
      kernelsOn(backend, problem, false, { ...all, toys, name: `${name}, fits` }),
      kernelsOn(backend, problem, false, { ...all, toys, isThrowing: true, name: `${name}, thrown and fitted` }),
      // z of repeated fits is that of the bounded minimum, which spectrum_fit has a code for
      kernelsOn(backend, problem, true, { toys, isThrowing: true, name: `${name}, thrown, fitted, rest in f64` }),
    ];
  });
  const counts = writeProblem(problem, countsOf(problem, toysFor(0.2)), folder);
  const numpy = { toys: toysFor(0.2), allowed: ALLOWED.numpy };
  const minuit = { toys: Math.max(2, Math.ceil(toysFor(0.001))), allowed: ALLOWED.iminuit, isThrowing: false };
  const few = Math.max(2, Math.ceil(toysFor(0.02)));
  return [
    ...runners,
    twinOf(problem, fitWithTwin, { toys: few, isThrowing: false, allowed: ALLOWED.f64, name: 'twin in f64, 1 thread' }),
    fullFits(problem, { toys: few, isThrowing: false, allowed: ALLOWED.f64, name: 'spectrum_fit in f64, 1 thread' }),
    peer(values.python, 'numpy_newton.py', counts, { ...numpy, isThrowing: false, name: 'numpy, fits' }),
    peer(values.python, 'numpy_newton.py', counts, {
      toys: numpy.toys,
      isThrowing: true,
      name: 'numpy, thrown and fitted',
    }),
    peer(values.python, 'minuit_fits.py', counts, { ...minuit, name: 'iminuit, fits' }),
  ];
}

/** First runs (compilation, caches) are not timed. */
async function timeInTurn(runners: readonly FitRunner[]): Promise<Map<FitRunner, FitsTimed[]>> {
  const times = new Map<FitRunner, FitsTimed[]>(runners.map((runner) => [runner, []]));
  for (const { run, toys } of runners) await run(Math.min(toys, COMPARED));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const runner of runners) times.get(runner)!.push(await runner.run(runner.toys));
  return times;
}

async function timeProblem(problem: FitProblem, backends: readonly Backend[], folder: string): Promise<object> {
  const { name, nBins, plan } = problem;
  const perRange = { masses: plan.nHypotheses, bins: plan.maxBins, parameters: plan.maxParams };
  console.log(`${name}: ${JSON.stringify(perRange)}`);
  const runners = runnersOf(problem, backends, folder).filter((runner) => runner !== undefined);
  const peers = runners.filter(({ name: own }) => /^(numpy|iminuit)/.test(own));
  const expected = (await fullFits(problem, { name: '', toys: COMPARED, isThrowing: false }).run(COMPARED)).z;
  const times = await timeInTurn(runners);
  const rows = runners.map((runner) => fitRow(runner, times, problem, peers, expected));
  rows.forEach(print);
  checkRows(rows, runners, problem);
  return { problem: name, nBins, ...perRange, rows };
}

function print({ runner, pairsPerSecond: rate, pairsPerProcessorSecond, coresUsed, over, undecided, worstZ }: FitRow) {
  const ratios = Object.entries(over)
    .filter(([name]) => name.endsWith(', fits'))
    .map(([name, { wall, processor }]) => `${wall}, ${processor} x ${name.replace(', fits', '')}`);
  const found = `undecided ${(100 * undecided).toFixed(2)} %  z ${worstZ === undefined ? '' : worstZ.toExponential(0)}`;
  console.log(
    `  ${runner.padEnd(48)}${String(rate.median).padStart(8)} (${rate.min} to ${rate.max}) pairs/s`.padEnd(95) +
      `${String(pairsPerProcessorSecond).padStart(8)} per processor s  ${coresUsed.toFixed(1)} cores  ` +
      `${found.padEnd(26)} ${ratios.join('; ')}`,
  );
}

async function main(): Promise<void> {
  const record = circumstances();
  if (values.software) useTestAdapter(values.software as TestAdapter);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'darkscan-fits-'));
  const backends: Backend[] = [1, 2].map((threads) => new CpuBackend({ threads, spawn: nodePlatform.spawn }));
  if (values.webgpu || values.software !== undefined)
    backends.push((await chooseBackend({ backend: 'webgpu' }, nodePlatform)).backend);
  const problems: object[] = [];
  try {
    for (const problem of fitProblems().filter(({ name }) => name.includes(values.problem)))
      problems.push(await timeProblem(problem, backends, folder));
  } finally {
    await Promise.all(backends.map((backend) => backend.close()));
    fs.rmSync(folder, { recursive: true });
  }
  if (!values.record) return;
  const loadAverageAtEnd = Math.round(os.loadavg()[0] * 10) / 10;
  const content = { ...record, loadAverageAtEnd, rounds: Number(values.rounds), problems };
  fs.writeFileSync(values.record, `${JSON.stringify(content, undefined, 1)}\n`);
}

await main();
