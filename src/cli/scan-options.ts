/** Options that several commands share, read strictly. */
import { InvalidArgumentError, Option } from 'commander';
import type { BackendName } from '../engine/choose-backend.ts';

export interface BackendOptions {
  readonly backend: BackendName;
  readonly threads?: number;
}

export const backendOption = (): Option =>
  new Option('--backend <name>', 'where to compute').choices(['auto', 'webgpu', 'cpu']).default('auto');

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'CPU threads (default: all cores)').argParser((text) => wholeNumber(text, 1, 1024));

export const seedOption = (): Option =>
  new Option(
    '--seed <n>',
    'seed of pseudo-data, toys and random rechecks (default: that of the card, else 1)',
  ).argParser((text) => wholeNumber(text, 0, Number.MAX_SAFE_INTEGER));

/** Reads a whole number; commander turns the error into one line with the name of the option. */
export function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  }
  return value;
}
