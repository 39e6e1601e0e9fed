/** Repeats and medians of wall time, and of processor time: the latter says how much a busy machine has cost. */
export interface Timing {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
  /** User and system time of all threads of this process, median; not known for single stages. */
  readonly cpuMedianMs?: number;
}

export async function measure(repeat: number, work: () => Promise<unknown>): Promise<Timing> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const before = process.cpuUsage();
    const started = performance.now();
    await work();
    wall.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  return timingOf(wall, cpu);
}

/** Times of repeats -> their summary, in 0.01 ms. */
export function timingOf(wallMs: readonly number[], cpuMs: readonly number[]): Timing {
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b).map((v) => Math.round(v * 100) / 100);
  const [wall, cpu] = [sorted(wallMs), sorted(cpuMs)];
  const middle = wall.length >> 1;
  return { minMs: wall[0], medianMs: wall[middle], maxMs: wall[wall.length - 1], cpuMedianMs: cpu[middle] };
}
