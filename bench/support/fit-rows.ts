/** Times of fits -> rows of rates and ratios round by round; all must have found the same z. */
import type { FitProblem } from './fit-problems.ts';
import type { FitRunner, FitsTimed } from './fit-runners.ts';

export interface FitRow {
  readonly runner: string;
  /** Of a peer. */
  readonly version?: string;
  readonly toys: number;
  readonly adapter?: Record<string, unknown>;
  readonly isThrowing: boolean;
  /** A pair: the fits with and without signal of one toy at one mass, and their q0. */
  readonly pairsPerSecond: { readonly min: number; readonly median: number; readonly max: number };
  readonly pairsPerProcessorSecond: number;
  /** Processor time over wall time: below the number of threads, others had the rest. */
  readonly coresUsed: number;
  /** Rate over that of each peer, wall and processor time: medians of the ratios of single rounds. */
  readonly over: Readonly<Record<string, { readonly wall: number; readonly processor: number }>>;
  /** Share of fits without a z, largest deviation of z from spectrum_fit among the others. */
  readonly undecided: number;
  readonly worstZ?: number;
}

type Times = ReadonlyMap<FitRunner, readonly FitsTimed[]>;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const short = (value: number) => Number(value.toPrecision(3));

/** @param expected signed z of the f64 fits, null where they have none */
export function fitRow(
  runner: FitRunner,
  times: Times,
  problem: FitProblem,
  peers: readonly FitRunner[],
  expected: FitsTimed['z'],
): FitRow {
  const { name, toys, adapter, isThrowing } = runner;
  const timed = times.get(runner)!;
  const pairs = toys * problem.plan.nHypotheses;
  const rates = timed.map(({ seconds }) => pairs / seconds);
  const ratio = (other: FitRunner, key: 'seconds' | 'cpuSeconds') =>
    short(median(timed.map((own, i) => times.get(other)![i][key] / other.toys / (own[key] / toys))));
  const others = peers.filter((other) => other !== runner);
  return {
    runner: name,
    version: timed[0].version,
    toys,
    adapter,
    isThrowing,
    pairsPerSecond: { min: short(Math.min(...rates)), median: short(median(rates)), max: short(Math.max(...rates)) },
    pairsPerProcessorSecond: short(median(timed.map(({ cpuSeconds }) => pairs / cpuSeconds))),
    coresUsed: short(median(timed.map(({ seconds, cpuSeconds }) => cpuSeconds / seconds))),
    over: Object.fromEntries(
      others.map((other) => [other.name, { wall: ratio(other, 'seconds'), processor: ratio(other, 'cpuSeconds') }]),
    ),
    undecided: short(timed[0].z.filter((z) => z === null).length / timed[0].z.length),
    worstZ: runner.allowed === undefined ? undefined : worstOf(timed[0].z, expected),
  };
}

function worstOf(z: FitsTimed['z'], expected: FitsTimed['z']): number {
  let worst = 0;
  z.forEach((value, i) => {
    const wanted = expected[i];
    if (value !== null && wanted !== null && wanted !== undefined) worst = Math.max(worst, Math.abs(value - wanted));
  });
  return short(worst);
}

/** Error: other z of the same toys. */
export function checkRows(rows: readonly FitRow[], runners: readonly FitRunner[], problem: FitProblem): void {
  for (const { runner, worstZ } of rows) {
    const { allowed = Infinity } = runners.find(({ name }) => name === runner)!;
    if (worstZ !== undefined && !(worstZ <= allowed))
      throw new Error(`${problem.name}: ${runner} differs by ${worstZ} in z, allowed ${allowed}`);
  }
}
