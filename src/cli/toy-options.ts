/** Options of `toys` that are read strictly: ranges, numbers of toys, times. */
import { InvalidArgumentError } from 'commander';

/** Toys of one campaign at most: their numbers must stay exact in a double with room to spare. */
export const MOST_TOYS = 1e15;

export const DEFAULT_TOYS = 10_000;

/** A count such as 20000 or 1e6, at least 1. */
export function toyCount(text: string): number {
  const value = Number(text);
  if (!/^\d+(e\d+)?$/.test(text) || !(value >= 1) || value > MOST_TOYS) {
    throw new InvalidArgumentError(`expected a number of toys from 1 to ${MOST_TOYS}, such as 20000 or 1e6`);
  }
  return value;
}

/** A:B, toys A to B - 1. */
export function toyRange(text: string): readonly [number, number] {
  const match = /^(\d+(?:e\d+)?):(\d+(?:e\d+)?)$/.exec(text);
  const [from, to] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  if (!(from < to) || to > MOST_TOYS) {
    throw new InvalidArgumentError('expected A:B with whole numbers and A < B, for toys A to B - 1');
  }
  return [from, to];
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds of "90", "30m", "1.5h". */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text);
  const seconds = match ? Number(match[1]) * UNITS[match[2] ?? 's'] : 0;
  if (!(seconds > 0)) throw new InvalidArgumentError('expected a time above 0 such as 90s, 30m or 2h');
  return seconds;
}
