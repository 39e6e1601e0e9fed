/** Which toys of a wanted range are still to be thrown, in pieces of a shard each. */
import type { ToyRange } from './tally.ts';

/**
 * Yields pieces in toy order; the wanted range may be far longer than what will ever be thrown.
 * @param done ranges that exist, in any order, possibly outside of the wanted one
 * @param size toys in a piece at most
 */
export function* missingRanges(from: number, to: number, done: readonly ToyRange[], size: number): Generator<ToyRange> {
  let at = from;
  const inOrder = [...done].sort(([a], [b]) => a - b);
  for (const [start, end] of [...inOrder, [to, to] as const]) {
    const stop = Math.min(start, to);
    for (; at < stop; at = Math.min(stop, at + size)) yield [at, Math.min(stop, at + size)];
    at = Math.max(at, end);
    if (at >= to) return;
  }
}
