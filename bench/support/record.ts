/** What a record says about where it was made: commit, processor, adapter and driver; no names of machines. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { BackendInfo } from '../../src/engine/backend.ts';

export function circumstances(): Record<string, string | number | boolean> {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    sourceChanged: git('status', '--porcelain', '--', 'src', 'bench/support', 'bench/*.ts') !== '',
    node: process.version,
    cpu: os.cpus()[0].model,
    cores: os.availableParallelism(),
    loadAverageAtStart: Math.round(os.loadavg()[0] * 10) / 10,
  };
}

/** The backend of a row: threads, or adapter and driver; software adapters are labelled. */
export function describeBackend({ description, precision, details }: BackendInfo): Record<string, unknown> {
  const { vendor, architecture, device, driver, isFallbackAdapter, threads, shared } = details;
  const software = isFallbackAdapter === true ? { software: true } : {};
  return { description, precision, vendor, architecture, device, driver, threads, shared, ...software };
}
