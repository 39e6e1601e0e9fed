/** Which runners take part for a problem, and how many toys each throws: about half a second's worth. */
import fs from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../src/engine/backend.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { describeBackend } from './record.ts';
import type { ToyProblem } from './toy-problems.ts';
import {
  buildNative,
  campaignOn,
  kernelOn,
  nativeName,
  PARTS,
  peerScript,
  program,
  threadsOf,
  twin,
  writeTables,
  type Runner,
} from './toy-runners.ts';

export interface Lineup {
  /** For tables and the native loop. */
  readonly folder: string;
  readonly backends: readonly Backend[];
  readonly python: string;
  /** Of the example; others get as many increments. */
  readonly toys: number;
}

const THREADS = [1, 2] as const;
const EXAMPLE_INCREMENTS = 2000;
/** What an event costs besides, in increments. */
const PER_TOY = 1000;

export async function openBackends(gpu: boolean): Promise<Backend[]> {
  const backends: Backend[] = THREADS.map((threads) => new CpuBackend({ threads, spawn: nodePlatform.spawn }));
  if (gpu) backends.push((await chooseBackend({ backend: 'webgpu' }, nodePlatform)).backend);
  return backends;
}

export function runnersOf(problem: ToyProblem, lineup: Lineup): Runner[] {
  const { tables } = problem;
  const scale = (EXAMPLE_INCREMENTS + PER_TOY) / (tables.increments + PER_TOY);
  const toys = Math.max(64, Math.round(lineup.toys * scale));
  const all = [...ours(problem, lineup, toys), ...native(problem, lineup, toys), ...python(problem, lineup, toys)];
  return all.filter((runner) => runner !== undefined);
}

function ours(problem: ToyProblem, { backends }: Lineup, toys: number): Runner[] {
  const runners = backends.map((backend) => {
    const { kind, details, description } = backend.info;
    if (kind !== 'cpu') {
      const label = details.isFallbackAdapter ? `${description}, SOFTWARE ADAPTER` : description;
      const few = details.isFallbackAdapter ? Math.ceil(toys / 20) : toys;
      return kernelOn(backend, problem, { name: label, toys: few, adapter: describeBackend(backend.info) });
    }
    const threads = Number(details.threads);
    return kernelOn(backend, problem, { name: `darkscan, ${threadsOf(threads)}`, toys, threads });
  });
  const campaign = { name: 'darkscan, campaign, 2 threads', toys, threads: 2 };
  runners.push(campaignOn(backends[1], problem, campaign));
  const slow = { name: 'twin in TypeScript, 1 thread', toys: Math.ceil(toys / 4), threads: 1 };
  return [...runners, twin(problem, slow)];
}

function native(problem: ToyProblem, { folder }: Lineup, toys: number): (Runner | undefined)[] {
  const tables = tablesFile(problem, folder);
  const [byHand, plain] = [false, true].map((isPlain) => buildNative(folder, isPlain));
  const runner = (file: string, threads: number, passes: number, rest: Omit<Runner, 'run' | 'toys'>) =>
    program(file, (n) => [tables, n, threads, passes], { ...rest, toys });
  const all = PARTS.length + 1;
  return [
    ...THREADS.map((threads) => runner(byHand, threads, all, { name: nativeName(threads) })),
    ...THREADS.map((threads) => runner(plain, threads, all, { name: nativeName(threads, true) })),
    ...PARTS.map((name, k) => runner(byHand, 1, k + 1, { name, isPart: true })),
  ];
}

function python(problem: ToyProblem, { folder, python: file }: Lineup, toys: number): (Runner | undefined)[] {
  const { histogram } = problem;
  const tables = tablesFile(problem, folder);
  const numpy = [peerScript('numpy_toys.py'), tables] as const;
  if (histogram === undefined) {
    return [program(file, (n) => [...numpy, n], { name: 'numpy in batches, 1 thread', toys: Math.ceil(toys / 15) })];
  }
  const shape = tables.replace('.tables', '.json');
  fs.writeFileSync(shape, JSON.stringify(histogram));
  const hunter = (toysOf: number, workers: number) =>
    program(file, (n) => [peerScript('bump_hunter.py'), n, shape, workers], {
      name: `pyBumpHunter, ${workers} worker${workers === 1 ? '' : 's'}`,
      toys: toysOf,
    });
  const name = 'numpy prefix sums, 1 thread';
  const few = histogram.shape[1] === 1 ? 1000 : 150;
  return [program(file, (n) => [...numpy, n, shape], { name, toys: 15 * few }), hunter(few, 1), hunter(few, 2)];
}

function tablesFile(problem: ToyProblem, folder: string): string {
  const file = path.join(folder, `${problem.name.replace(/[^a-z0-9]+/gi, '-')}.tables`);
  if (!fs.existsSync(file)) writeTables(problem, file);
  return file;
}
