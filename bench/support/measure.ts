/** Repeats, medians, and what a record says about where it was made. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';

export interface Timing {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export async function measure(repeat: number, work: () => Promise<void>): Promise<Timing> {
  const times: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { minMs: times[0], medianMs: times[times.length >> 1], maxMs: times[times.length - 1] };
}

/** Commit, Node, processor: no host names. */
export function circumstances(): Record<string, string | number> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit,
    node: process.version,
    cpu: os.cpus()[0].model,
    cores: os.cpus().length,
  };
}

export function line(name: string, { minMs, medianMs, maxMs }: Timing, note = ''): string {
  const ms = (value: number) => value.toFixed(0).padStart(7);
  return `${name.padEnd(44)}${ms(minMs)}${ms(medianMs)}${ms(maxMs)}  ${note}`;
}
