/** Times of runners -> rows of rates, ratios to the native loop, costs of its parts; and whether all did the same. */
import type { ToyProblem } from './toy-problems.ts';
import { nativeName, PARTS, type Runner, type Timed } from './toy-runners.ts';
import type { ToyWork } from './toy-work.ts';

export interface ToyRow {
  readonly runner: string;
  readonly toys: number;
  readonly adapter?: Record<string, unknown>;
  readonly toysPerSecond: { readonly min: number; readonly median: number; readonly max: number };
  readonly windowToysPerSecond: number;
  /** Of the problem: one event counted in one window, however the runner does it. */
  readonly incrementsPerSecond: number;
  readonly incrementsPerProcessorSecond: number;
  /** Processor time over wall time: below the number of threads, others had the rest. */
  readonly coresUsed: number;
  /** Rate over that of the native loop with as many threads, whose random words are vectorised by hand... */
  readonly ofNative?: Ratio;
  /** ...or by the compiler. */
  readonly ofPlainNative?: Ratio;
  readonly medianLnP?: number;
}

interface Ratio {
  readonly wall: number;
  readonly processor: number;
}

type Times = ReadonlyMap<Runner, readonly Timed[]>;

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const short = (value: number) => Number(value.toPrecision(3));

export function rowOf(runner: Runner, times: Times, problem: ToyProblem): ToyRow {
  const { tables, windows } = problem;
  const { name, toys, adapter, threads } = runner;
  const timed = times.get(runner)!;
  const rates = timed.map(({ seconds }) => toys / seconds);
  const rate = median(rates);
  const perProcessorSecond = median(timed.map(({ cpuSeconds }) => toys / cpuSeconds));
  return {
    runner: name,
    toys,
    adapter,
    toysPerSecond: {
      min: Math.round(Math.min(...rates)),
      median: Math.round(rate),
      max: Math.round(Math.max(...rates)),
    },
    windowToysPerSecond: short(rate * windows),
    incrementsPerSecond: short(rate * tables.increments),
    incrementsPerProcessorSecond: short(perProcessorSecond * tables.increments),
    coresUsed: short(median(timed.map(({ seconds, cpuSeconds }) => cpuSeconds / seconds))),
    ofNative: threads ? ratioTo(nativeName(threads), runner, times) : undefined,
    ofPlainNative: threads ? ratioTo(nativeName(threads, true), runner, times) : undefined,
    medianLnP: lnPOf(timed[0], problem),
  };
}

/** Round by round: what disturbs both cancels. */
function ratioTo(wanted: string, runner: Runner, times: Times): Ratio | undefined {
  const native = [...times.keys()].find(({ name }) => name === wanted);
  if (native === undefined) return undefined;
  const ratio = (key: 'seconds' | 'cpuSeconds') =>
    short(
      median(times.get(runner)!.map((own, i) => times.get(native)![i][key] / native.toys / (own[key] / runner.toys))),
    );
  return { wall: ratio('seconds'), processor: ratio('cpuSeconds') };
}

/** ns of processor time of one thread: per toy for each part, and per unit of its work. */
export function partsOf(times: Times, work: ToyWork): Record<string, number> | undefined {
  const nsOf = (wanted: string) => {
    const runner = [...times.keys()].find(({ name }) => name === wanted);
    return runner && median(times.get(runner)!.map(({ cpuSeconds }) => (1e9 * cpuSeconds) / runner.toys));
  };
  const [words, atoms, lists, all] = [...PARTS, nativeName(1)].map(nsOf);
  if (words === undefined || atoms === undefined || lists === undefined || all === undefined) return undefined;
  return {
    randomWordsNs: Math.round(words),
    atomsNs: Math.round(atoms - words),
    listsNs: Math.round(lists - atoms),
    countingNs: Math.round(all - lists),
    nsPerPhiloxBlock: short(words / work.philoxBlocks),
    nsPerAliasLookUp: short((atoms - words) / work.aliasLookUps),
    nsPerList: short((lists - atoms) / work.aliasLookUps),
    nsPerIncrement: short((all - lists) / work.increments),
    countingShare: short((all - lists) / all),
  };
}

/** ln p of the best window scatters by about 1.3 from toy to toy, the median of n by 1.6/sqrt(n): 3 sigma, and its steps. */
const allowed = (toys: number, others: number) => 0.1 + 5 * Math.sqrt(1 / toys + 1 / others);

/**
 * @param warmUps of as many toys each
 * Error: other words from the same toys or, with other random numbers, another median of the best window.
 */
export function checkSame(problem: ToyProblem, times: Times, warmUps: readonly Timed[]): void {
  const runs = [...times].flatMap(([{ toys }, timed]) => timed.map(({ hash }) => ({ toys, hash })));
  const all = [...warmUps.map(({ hash }) => ({ toys: 0, hash })), ...runs];
  const hashes = new Map<number, Set<string>>();
  for (const { toys, hash } of all) if (hash) hashes.set(toys, (hashes.get(toys) ?? new Set()).add(hash));
  const differing = [...hashes].find(([, found]) => found.size > 1);
  if (differing) throw new Error(`${problem.name}: words of the same toys differ: ${[...differing[1]].join()}`);
  const [[{ toys: toysOfOurs }, [firstOfOurs]]] = times;
  const ours = lnPOf(firstOfOurs, problem);
  for (const [{ name, toys }, [{ hash, ...first }]] of times) {
    const own = lnPOf(first, problem);
    if (hash || own === undefined || ours === undefined || Math.abs(own - ours) <= allowed(toys, toysOfOurs)) continue;
    throw new Error(`${problem.name}: ${name} has median ln p ${own}, expected ${ours}`);
  }
}

function lnPOf({ medianRank, medianLnP }: Timed, { tables }: ToyProblem): number | undefined {
  if (medianLnP !== undefined) return short(medianLnP);
  return medianRank === undefined ? undefined : short(tables.ranks.lnP[medianRank]);
}
