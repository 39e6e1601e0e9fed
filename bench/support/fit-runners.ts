/** Who fits toys: the kernels on a backend, their twins, the full f64 fits, peers in programs of their own. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Backend, Handle } from '../../src/engine/backend.ts';
import type { Kernel, ParamValues } from '../../src/kernels/kernel.ts';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../src/kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../src/kernels/spectrum_fit.ts';
import { QUICK_RESULT as Q, QUICK_RESULT_STRIDE, spectrumQuick } from '../../src/kernels/spectrum_quick.ts';
import { spectrumRepeat } from '../../src/kernels/spectrum_repeat.ts';
import { spectrumThrow } from '../../src/kernels/spectrum_throw.ts';
import { spectrumInputs } from '../../src/scan/spectrum/fit-spectrum.ts';
import type { FitProblem } from './fit-problems.ts';

export interface FitsTimed {
  /** Of a peer. */
  readonly version?: string;
  readonly seconds: number;
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** Signed z by (toy, hypothesis); null where there is none. */
  readonly z: readonly (number | null)[];
}

export interface FitRunner {
  readonly name: string;
  readonly toys: number;
  /** Throws its toys too; else it is given those of the problem. */
  readonly isThrowing: boolean;
  /** Largest deviation of z from the f64 fits that is allowed; undefined where its toys are others. */
  readonly allowed?: number;
  readonly adapter?: Record<string, unknown>;
  run(toys: number): Promise<FitsTimed> | FitsTimed;
}

type Rest = Omit<FitRunner, 'run'>;

const SEED = 5;
/** Toys whose z are compared. */
export const COMPARED = 200;

const throwParams = (nBins: number) => ({
  seed_low: SEED,
  seed_high: 0,
  base_low: 0,
  base_high: 0,
  n_bins: nBins,
  first_bin: 0,
});

/** The toys of a problem: the first ones of the seed. */
export function countsOf({ tables, nBins }: FitProblem, toys: number): Uint32Array {
  const counts = new Uint32Array(toys * nBins);
  spectrumThrow.run([tables.tables, tables.thresholds, counts], throwParams(nBins), 0, toys * nBins);
  return counts;
}

const signedZ = (numbers: ArrayLike<number>, toys: number, nHypotheses: number) =>
  Array.from({ length: Math.min(toys, COMPARED) * nHypotheses }, (_, i) => {
    const at = QUICK_RESULT_STRIDE * i;
    return numbers[at + Q.code] === 0 ? numbers[at + Q.z] : null;
  });

/** Throws, fits, and repeats in f64 what is not decided, as asked; results stay on the backend. */
export function kernelsOn(backend: Backend, problem: FitProblem, isRepeating: boolean, rest: Rest): FitRunner {
  const { plan, quick, tables, nBins } = problem;
  const upload = (arrays: readonly (Float64Array | Uint32Array)[]) => arrays.map((array) => backend.upload(array));
  const thrown = upload([tables.tables, tables.thresholds]);
  const planned = upload([quick.hypotheses, quick.bins, quick.rows, quick.scales]);
  const repeat = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.given, isQuick: true });
  const repeated = upload(repeat.arrays.slice(1) as Float64Array[]);
  const H = quick.nHypotheses;
  const params = { n_hypotheses: H, n_bins: nBins, max_bins: quick.maxBins, max_params: quick.maxParams };
  const call = (kernel: Kernel, handles: readonly Handle[], values: ParamValues, items: number) =>
    backend.run(kernel, handles, values, 0, items);
  const run = async (toys: number): Promise<FitsTimed> => {
    const given = rest.isThrowing ? new Uint32Array(toys * nBins) : countsOf(problem, toys);
    const [counts, result] = upload([given, new Float64Array(QUICK_RESULT_STRIDE * H * toys)]);
    const stop = startClock();
    if (rest.isThrowing) await call(spectrumThrow, [...thrown, counts], throwParams(nBins), toys * nBins);
    await call(spectrumQuick, [counts, ...planned, result], params, toys * H);
    if (isRepeating) await call(spectrumRepeat, [counts, ...repeated, result], repeat.params, toys * H);
    if (backend.info.kind !== 'cpu') await backend.read(result); // waits for the device
    const times = stop();
    const z = signedZ(await backend.read(result), toys, H);
    [counts, result].forEach((handle) => backend.free(handle));
    return { ...times, z };
  };
  return { ...rest, run };
}

/** A kernel's own `run` in this thread. */
export function twinOf(problem: FitProblem, run: Kernel['run'], rest: Rest): FitRunner {
  const { quick, nBins } = problem;
  const H = quick.nHypotheses;
  const params = { n_hypotheses: H, n_bins: nBins, max_bins: quick.maxBins, max_params: quick.maxParams };
  const timed = (toys: number): FitsTimed => {
    const result = new Float64Array(QUICK_RESULT_STRIDE * H * toys);
    const arrays = [countsOf(problem, toys), quick.hypotheses, quick.bins, quick.rows, quick.scales, result];
    const stop = startClock();
    run(arrays, params, 0, toys * H);
    return { ...stop(), z: signedZ(result, toys, H) };
  };
  return { ...rest, run: timed };
}

/** spectrum_fit, the fits of the data. */
export function fullFits(problem: FitProblem, rest: Rest): FitRunner {
  const run = (toys: number): FitsTimed => {
    const { arrays, params, nItems } = spectrumInputs(problem.plan, countsOf(problem, toys), problem.nBins);
    const result = new Float64Array(FIT_RESULT_STRIDE * nItems);
    const stop = startClock();
    spectrumFit.run([...arrays, result], params, 0, nItems);
    const times = stop();
    const size = Math.min(toys, COMPARED) * problem.plan.nHypotheses;
    const z = Array.from({ length: size }, (_, i) => {
      const fit = result.subarray(FIT_RESULT_STRIDE * i);
      return fit[R.codes] === 0 ? Math.sign(fit[R.sHat]) * Math.sqrt(fit[R.twiceDeltaLnL]) : null;
    });
    return { ...times, z };
  };
  return { ...rest, run };
}

/** peers/spectrum/SCRIPT FILE TOYS ..., which prints a FitsTimed; undefined, and said, where it cannot run. */
export function peer(python: string, script: string, file: string, rest: Rest): FitRunner | undefined {
  const program = path.resolve(import.meta.dirname, '../peers/spectrum', script);
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const run = (toys: number) => {
    const args = [program, file, String(toys), String(COMPARED), ...(rest.isThrowing ? ['throw'] : [])];
    const out = execFileSync(python, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28, env });
    return JSON.parse(out) as FitsTimed;
  };
  try {
    run(2);
    return { ...rest, run };
  } catch (error) {
    console.log(`  ${rest.name}: left out, ${(error as Error).message.trim().split('\n').at(-1)}`);
    return undefined;
  }
}

function startClock(): () => { seconds: number; cpuSeconds: number } {
  const [started, cpuStarted] = [performance.now(), process.cpuUsage()];
  return () => {
    const [seconds, cpu] = [(performance.now() - started) / 1000, process.cpuUsage(cpuStarted)];
    return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
  };
}
