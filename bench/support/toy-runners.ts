/** Who throws toys: the kernel on a backend, a whole campaign, the twin, and peers in programs of their own. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../src/engine/backend.ts';
import { HEADER, SOURCE_STRIDE, throwWithTwin, toyScan, TOY_STRIDE } from '../../src/kernels/toy_scan.ts';
import { throwToys, toyParams } from '../../src/toys/campaign.ts';
import type { ToySetup } from '../../src/toys/prepare-toys.ts';
import { hashWords } from '../../tests/unit/toys/example-toys.ts';
import type { ToyProblem } from './toy-problems.ts';

/** One timed run. */
export interface Timed {
  readonly seconds: number;
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** Of rank and window of all toys, where they are the kernel's. */
  readonly hash?: string;
  /** Median over toys of the most significant window: tells that other random numbers have the same problem. */
  readonly medianRank?: number;
  readonly medianLnP?: number;
}

export interface Runner {
  readonly name: string;
  readonly toys: number;
  /** Threads of the native loop it is compared with. */
  readonly threads?: number;
  /** A part of the loop only. */
  readonly isPart?: boolean;
  readonly adapter?: Record<string, unknown>;
  run(toys: number): Promise<Timed> | Timed;
}

const PEERS = path.resolve(import.meta.dirname, '../peers/toys');
export const PARTS = ['random words', 'and atoms', 'and lists of windows'] as const;
const SEED = 1;

export const threadsOf = (threads: number) => `${threads} thread${threads === 1 ? '' : 's'}`;
export const nativeName = (threads: number, isPlain = false) =>
  `native ${isPlain ? 'plain ' : ''}loop, ${threadsOf(threads)}`;

/** Tables uploaded, results not read back. */
export function kernelOn(backend: Backend, { tables }: ToyProblem, rest: Omit<Runner, 'run'>): Runner {
  const params = toyParams({ seed: SEED, tables }, 0);
  const run = async (n: number): Promise<Timed> => {
    const handles = [...tables.arrays, new Uint32Array(TOY_STRIDE * n)].map((array) => backend.upload(array));
    await backend.run(toyScan, handles, params, 0, Math.min(n, 64)); // makes every worker copy the tables
    const stop = startClock();
    await backend.run(toyScan, handles, params, 0, n);
    const times = stop();
    const words = (await backend.read(handles[handles.length - 1])) as Uint32Array;
    handles.forEach((handle) => backend.free(handle));
    return { ...times, hash: hashWords(words), medianRank: medianRank(words) };
  };
  return { ...rest, run };
}

/** What `darkscan toys` does: batches, results read back, tallied in toy order. */
export function campaignOn(backend: Backend, { tables }: ToyProblem, rest: Omit<Runner, 'run'>): Runner {
  // no card here: throwToys asks for the tables, the seed and the observed rank only
  const setup = { tables, seed: SEED, observed: { rank: 0xffffffff } } as unknown as ToySetup;
  const run = async (n: number): Promise<Timed> => {
    const stop = startClock();
    await throwToys(setup, backend, { from: 0, to: n });
    return stop();
  };
  return { ...rest, run };
}

export function twin({ tables }: ToyProblem, rest: Omit<Runner, 'run'>): Runner {
  const run = (n: number): Timed => {
    const words = new Uint32Array(TOY_STRIDE * n);
    const stop = startClock();
    throwWithTwin([...tables.arrays, words], toyParams({ seed: SEED, tables }, 0), 0, n);
    return { ...stop(), hash: hashWords(words) };
  };
  return { ...rest, run };
}

/** A program that prints a Timed; undefined, and said, where it cannot run. */
export function program(
  file: string,
  args: (toys: number) => readonly (string | number)[],
  rest: Omit<Runner, 'run'>,
): Runner | undefined {
  const run = (n: number) =>
    JSON.parse(
      execFileSync(file, args(n).map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    ) as Timed;
  try {
    run(64);
    return { ...rest, run };
  } catch (error) {
    console.log(
      `  ${rest.name}: left out, ${String((error as Error).message)
        .trim()
        .split('\n')
        .at(-1)}`,
    );
    return undefined;
  }
}

/** The native loop, built into the folder: random words vectorised by hand, or plain, as the compiler does it. */
export function buildNative(folder: string, isPlain: boolean): string {
  const built = path.join(folder, isPlain ? 'plain-loop' : 'loop');
  if (fs.existsSync(built)) return built;
  try {
    const flags = ['-O3', '-march=native', '-std=c++17', '-pthread', ...(isPlain ? ['-DPLAIN'] : [])];
    execFileSync('g++', [...flags, path.join(PEERS, 'loop.cpp'), '-o', built], { stdio: 'pipe' });
  } catch (error) {
    console.log(`no native loop: ${(error as Error).message}`);
  }
  return built;
}

export const peerScript = (name: string) => path.join(PEERS, name);

/** The file of peers/toys/tables.h. */
export function writeTables({ tables }: ToyProblem, file: string): void {
  const head = Uint32Array.of(tables.arrays.length, tables.floorRank, HEADER.firstSource, SOURCE_STRIDE);
  const all = [head, ...tables.arrays.flatMap((array) => [Uint32Array.of(array.length), array])];
  fs.writeFileSync(file, Buffer.concat(all.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))));
}

function medianRank(words: Uint32Array): number {
  const ranks = words.filter((_, i) => i % TOY_STRIDE === 0).sort();
  return ranks[ranks.length >> 1];
}

function startClock(): () => { seconds: number; cpuSeconds: number } {
  const [started, cpuStarted] = [performance.now(), process.cpuUsage()];
  return () => {
    const [seconds, cpu] = [(performance.now() - started) / 1000, process.cpuUsage(cpuStarted)];
    return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
  };
}
